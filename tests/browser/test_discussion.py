"""The discussion's elements in a real browser: what they add, and that they lose nothing when something fails."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_journeys import comment_with

pytestmark = pytest.mark.browser

MADE = """
import json
from datetime import timedelta
from broadsheet.core import clock
from broadsheet.stories.models import Section, Story

story = Story.objects.create(
    headline="A quiet street gets a tram", slug="tram", section=Section.objects.first(), place="HARLOW MILLS",
    live=True, published_at=clock.now() - timedelta(hours=1), body_html="<p>The tram comes in May.</p>",
)
print(json.dumps(story.pk))
"""
SAID = """
import json
from broadsheet.accounts.models import Reader
from broadsheet.discussion.actions import post_comment, thread_for
from broadsheet.discussion.models import Comment
from broadsheet.stories.models import Story

comment = post_comment(
    author=Reader.objects.get(email="{who}@example.org"), thread=thread_for(Story.objects.get(pk={story})),
    body="{body}", parent=Comment.objects.filter(pk={parent}).first(),
)
print(json.dumps(comment.pk))
"""
CLOCK = """
from broadsheet.discussion.actions import {verb}_thread, thread_for
from broadsheet.stories.models import Story

{verb}_thread(thread=thread_for(Story.objects.get(pk={story})))
"""
CORRECTED = """
from broadsheet.stories.actions import add_notice
from broadsheet.stories.models import Story

add_notice(story=Story.objects.get(pk={story}), kind="correction", text="It comes in June.")
"""


@pytest.fixture
def story(newsroom):
    """A public story of this test's own; gives its number."""
    return newsroom.run(MADE)


@pytest.fixture
def say(newsroom, story):
    """Somebody elsewhere posts; gives the comment's number."""

    def post(body, who="ned", parent=0):
        return newsroom.run(SAID.format(who=who, story=story, body=body, parent=parent))

    return post


def look(page, story, query=""):
    page.goto(f"/stories/{story}/tram/{query}")


def new_comments(page):
    return page.get_by_role("button", name=re.compile("new comment"))


def write(page, body, link="Write a comment", button="Post comment", within=None):
    (within or page).get_by_role("link", name=link).first.click()
    page.get_by_role("textbox", name="Comment").fill(body)
    page.get_by_role("button", name=button).click()


def is_asked_for(page):
    """The reader's own tools are there: their name stands in the masthead."""
    expect(page.locator("[data-account]")).not_to_have_text("Account")


def test_a_correction_marks_what_was_written_before_it_on_a_page_that_is_open(open_page, newsroom, story, say):
    first = say("It comes in May, they say.")
    page = open_page()
    look(page, story)
    waits = say("May it is.")
    expect(new_comments(page)).to_be_visible()
    newsroom.run(CORRECTED.format(story=story))
    expect(comment_with(page, "It comes in May").get_by_text("Written before the correction")).to_be_visible()
    later = say("June, then.", who="ruth")
    expect(new_comments(page)).to_have_text(re.compile("2"))
    new_comments(page).click()
    for number, marks in ((first, 1), (waits, 1), (later, 0)):
        expect(page.locator(f"#comment-{number} .comment-before")).to_have_count(marks)


def test_closing_and_opening_by_hand_arrive_on_pages_of_a_discussion_in_which_nobody_has_written(
    open_page, newsroom, story
):
    before, after = open_page(), open_page()
    look(before, story)
    invitations = before.locator(".policy, .to-comments, .comments-none, .comments-follow")
    expect(invitations).to_have_count(4)
    newsroom.run(CLOCK.format(verb="close", story=story))
    expect(before.get_by_text("This story takes no comments.")).to_be_visible()
    expect(invitations.filter(visible=True)).to_have_count(0)
    expect(before.get_by_role("link", name="Write a comment")).to_have_count(0)
    look(after, story)
    newsroom.run(CLOCK.format(verb="reopen", story=story))
    for page in (before, after):
        expect(page.get_by_role("link", name="Write a comment")).to_be_visible()
        expect(page.get_by_text("This story takes no comments.")).to_have_count(0)
    expect(invitations.filter(visible=True)).to_have_count(4)


def test_new_comments_wait_and_the_page_does_not_move(open_page, story, say):
    first = say("The stop is outside my door.")
    page = open_page()
    look(page, story)
    say("So is mine.", parent=first)
    say("I will take it to work.")
    expect(new_comments(page)).to_have_text("2 new comments")
    expect(page.get_by_text("So is mine.")).to_have_count(0)
    expect(page.locator(".comments-title")).to_contain_text("Comments (3)")
    new_comments(page).click()
    expect(page.locator(".replies .comment")).to_contain_text("So is mine.")
    assert "So is mine." in page.evaluate("document.activeElement.innerText")
    expect(new_comments(page)).to_have_count(0)
    assert page.faults == []


def test_on_the_newest_first_page_new_comments_come_first(open_page, story, say):
    say("The older one.")
    page = open_page()
    look(page, story, "?order=newest")
    say("The newer one.")
    new_comments(page).click()
    expect(page.locator(".comment").first).to_contain_text("The newer one.")


def test_replies_beyond_those_shown_only_change_their_number(open_page, story, say):
    first = say("Which line?")
    for number in range(5):
        say(f"Line {number}.", parent=first)
    page = open_page()
    look(page, story)
    summary = page.locator(".fold > summary")
    expect(page.get_by_text("Show all")).to_be_hidden()
    expect(summary).to_have_text("5 replies")
    say("Line 7, surely.", parent=first)
    expect(page.get_by_role("link", name="Show all 6 replies")).to_be_visible()
    expect(summary).to_have_text("5 of 6 replies")
    expect(new_comments(page)).to_have_count(0)


def test_a_reader_edits_in_place_and_everybody_sees_it(open_page, sign_in, story, say):
    author, watching = open_page(), open_page()
    sign_in(author, "ruth@example.org")
    look(author, story)
    is_asked_for(author)
    write(author, "It costs seven milion.")
    look(watching, story)
    mine = comment_with(author, "milion")
    mine.get_by_role("link", name="Edit").click()
    box = author.get_by_role("textbox", name="Comment")
    expect(box).to_have_value("It costs seven milion.")
    box.fill("It costs seven million.")
    author.get_by_role("button", name="Save comment").click()
    expect(comment_with(author, "seven million")).to_contain_text("edited")
    expect(comment_with(author, "seven million").get_by_role("link", name="Withdraw")).to_be_visible()
    expect(comment_with(watching, "seven million").or_(new_comments(watching))).to_be_visible()
    expect(watching.get_by_role("link", name="Edit")).to_have_count(0)
    assert author.faults == watching.faults == []


def test_a_reply_is_written_under_what_it_answers(open_page, sign_in, story, say):
    say("Where will it turn?")
    page = open_page()
    sign_in(page, "ruth@example.org")
    look(page, story)
    is_asked_for(page)
    write(page, "At the old depot.", link="Reply", within=comment_with(page, "Where will it turn?"))
    expect(page.locator(".replies .comment")).to_contain_text("At the old depot.")
    expect(page.get_by_role("textbox", name="Comment")).to_have_count(0)


def test_a_held_comment_is_seen_by_its_author_alone(open_page, sign_in, story, say):
    say("Any sources?")
    author, watching = open_page(), open_page()
    look(watching, story)
    sign_in(author, "ruth@example.org")
    look(author, story)
    is_asked_for(author)
    write(author, "See https://a.example, https://b.example and https://c.example")
    expect(comment_with(author, "a.example")).to_contain_text("Held for review")
    expect(watching.locator(".comments-title")).to_contain_text("1 held for review")
    expect(watching.get_by_text("a.example")).to_have_count(0)
    look(author, story)
    expect(comment_with(author, "a.example")).to_contain_text("Held for review")


def test_without_the_stream_changes_are_asked_for(open_page, story, say):
    page = open_page()
    page.route("**/live/threads/**", lambda route: route.abort())
    look(page, story)
    say("By the other road.")
    expect(new_comments(page)).to_be_visible(timeout=40_000)


def test_words_are_kept_when_they_cannot_be_sent(open_page, sign_in, story):
    page = open_page()
    sign_in(page, "ruth@example.org")
    look(page, story)
    is_asked_for(page)
    page.route("**/comments/new/", lambda route: route.abort())
    write(page, "Typed in a tunnel.")
    expect(page.get_by_role("alert")).to_contain_text("still here")
    look(page, story)
    is_asked_for(page)
    page.get_by_role("link", name="Write a comment").click()
    expect(page.get_by_role("textbox", name="Comment")).to_have_value("Typed in a tunnel.")
    page.unroute("**/comments/new/")
    page.get_by_role("button", name="Post comment").click()
    expect(comment_with(page, "Typed in a tunnel.")).to_be_visible()


def test_words_are_kept_when_the_session_has_ended(open_page, sign_in, story):
    page = open_page()
    sign_in(page, "ruth@example.org")
    look(page, story)
    is_asked_for(page)
    page.get_by_role("link", name="Write a comment").click()
    page.get_by_role("textbox", name="Comment").fill("Typed for an hour.")
    page.context.clear_cookies(name="session")
    page.get_by_role("button", name="Post comment").click()
    expect(page.get_by_role("alert")).to_contain_text("signed out")
    page.get_by_role("alert").get_by_role("link", name="Sign in").click()
    page.get_by_label("E-mail address").first.fill("ruth@example.org")
    page.locator("input[type=password]").fill("a long enough pass phrase")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("textbox", name="Comment")).to_have_value("Typed for an hour.")


def test_a_discussion_that_closes_says_so_on_open_pages(open_page, sign_in, story, newsroom, say):
    say("Before the close.")
    page = open_page()
    sign_in(page, "ruth@example.org")
    look(page, story)
    is_asked_for(page)
    page.get_by_role("link", name="Write a comment").click()
    page.get_by_role("textbox", name="Comment").fill("Too late, perhaps.")
    newsroom.run(CLOCK.format(verb="close", story=story))
    expect(page.get_by_text("This discussion is now closed.")).to_be_visible()
    expect(page.get_by_role("link", name="Write a comment")).to_be_hidden()
    expect(page.get_by_role("link", name="Reply")).to_be_hidden()
    page.get_by_role("button", name="Post comment").click()
    expect(page.get_by_role("alert")).to_contain_text("now closed")
    expect(page.get_by_role("textbox", name="Comment")).to_have_value("Too late, perhaps.")
