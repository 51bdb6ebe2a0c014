"""Writing in a real browser: preview, quotation, drafts, counter, clocks; and no word and no comment too many."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_discussion import is_asked_for, look
from tests.browser.test_discussion import say as say
from tests.browser.test_discussion import story as story
from tests.browser.test_journeys import comment_with
from tests.browser.test_standards import axe_findings

pytestmark = pytest.mark.browser

SLOW = """
from broadsheet.discussion.actions import thread_for
from broadsheet.discussion.modes import set_slow_seconds
from broadsheet.stories.models import Story

set_slow_seconds(thread=thread_for(Story.objects.get(pk={story})), seconds={seconds})
"""
REVIEWS = """
from broadsheet.discussion.actions import thread_for
from broadsheet.discussion.modes import set_mode
from broadsheet.stories.models import Story

set_mode(thread=thread_for(Story.objects.get(pk={story})), mode="reviews")
"""
COUNT = """
import json
from broadsheet.discussion.models import Comment

print(json.dumps(Comment.objects.filter(body="{body}").count()))
"""


@pytest.fixture
def ruth(open_page, sign_in, story):
    """Ruth looks at the story, and her own tools are there."""
    page = open_page()
    sign_in(page, "ruth@example.org")
    look(page, story)
    is_asked_for(page)
    return page


def box(page):
    return page.get_by_role("textbox", name="Comment")


def open_box(page):
    page.get_by_role("link", name="Write a comment").click()
    expect(box(page)).to_be_focused()


def post(page):
    page.get_by_role("button", name="Post comment").click()


def drafts(page):
    return page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('draft:'))")


def test_the_box_is_called_after_what_one_writes(open_page, sign_in):
    page = open_page()
    sign_in(page, "edda@example.org")
    page.goto("/stories/5/ask/")
    is_asked_for(page)
    page.get_by_role("link", name="Ask a question").click()
    expect(page.get_by_role("textbox", name="Question", exact=True)).to_be_focused()
    expect(page.get_by_role("button", name="Post question", exact=True)).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("link", name="Reply").first.click()
    expect(page.get_by_role("textbox", name="Answer", exact=True)).to_be_focused()
    expect(page.get_by_role("button", name="Post answer", exact=True)).to_be_visible()
    assert axe_findings(page) == []


def test_a_preview_follows_what_is_typed(ruth):
    open_box(ruth)
    ruth.get_by_role("button", name="Preview").click()
    shown = ruth.get_by_role("region", name="Preview")
    expect(shown).to_contain_text("As you type")
    box(ruth).press_sequentially("It *stays* <b>open</b>.")
    expect(shown.locator("em")).to_have_text("stays")
    expect(shown).to_contain_text("It stays <b>open</b>.")
    ruth.get_by_text("How to format").click()
    assert axe_findings(ruth) == []
    ruth.get_by_role("button", name="Preview").click()
    expect(shown).to_be_hidden()
    assert ruth.faults == []


def test_without_a_script_the_preview_is_a_page(open_page, sign_in, story):
    page = open_page(javascript=False)
    sign_in(page, "ruth@example.org")
    look(page, story)
    page.get_by_role("link", name="Write a comment").click()
    box(page).fill("It *stays*.")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("region", name="Preview").locator("em")).to_have_text("stays")
    expect(box(page)).to_have_value("It *stays*.")
    post(page)
    expect(comment_with(page, "It stays.")).to_be_visible()


def test_a_passage_of_the_story_is_quoted_by_keyboard(ruth):
    ruth.locator(".story-body p").first.click(click_count=3)
    expect(ruth.get_by_role("button", name="Quote", exact=True)).to_be_visible()
    ruth.keyboard.press("Tab")
    expect(ruth.get_by_role("button", name="Quote", exact=True)).to_be_focused()
    ruth.keyboard.press("Enter")
    expect(box(ruth)).to_be_focused()
    expect(box(ruth)).to_have_value(re.compile(r"^> .*The tram comes in May\.\n>\n> — from the story\n\n$"))
    expect(ruth.get_by_role("button", name="Quote", exact=True)).to_have_count(0)
    assert ruth.faults == []


def test_escape_puts_the_offer_to_quote_away(ruth):
    ruth.locator(".story-body p").first.click(click_count=3)
    expect(ruth.get_by_role("button", name="Quote", exact=True)).to_be_visible()
    ruth.keyboard.press("Escape")
    expect(ruth.get_by_role("button", name="Quote", exact=True)).to_have_count(0)


def test_a_passage_of_a_comment_is_quoted_in_the_reply_to_it(open_page, sign_in, story, say):
    say("First of all.\\n\\n2 * 3 * 4 is *not* ten, and `code` is [no](https://a.example) link.")
    page = open_page()
    sign_in(page, "ruth@example.org")
    look(page, story)
    is_asked_for(page)
    comment_with(page, "First of all.").locator(".comment-body p").nth(1).click(click_count=3)
    page.get_by_role("button", name="Quote", exact=True).click()
    expect(box(page)).to_have_value("> 2 * 3 * 4 is not ten, and code is no link.\n>\n> — Ned Newcomer\n\n")
    box(page).press_sequentially("It is 24.")
    post(page)
    reply = page.locator(".replies .comment")
    expect(reply.locator("blockquote")).to_contain_text("2 * 3 * 4 is not ten")
    expect(reply).to_contain_text("It is 24.")


def test_the_reply_s_own_button_quotes_all_that_is_answered_but_what_it_quotes(open_page, sign_in, story, say):
    say("> Said before.\\n\\nOne.\\n\\nשתיים.")
    page = open_page()
    sign_in(page, "ruth@example.org")
    look(page, story)
    is_asked_for(page)
    comment_with(page, "One.").get_by_role("link", name="Reply").click()
    page.get_by_role("button", name="Quote this comment").click()
    expect(box(page)).to_have_value("> One.\n>\n> שתיים.\n>\n> — Ned Newcomer\n\n")
    assert page.faults == []


def test_a_draft_outlives_its_tab_and_is_its_writer_s_alone(ruth, sign_in, story):
    open_box(ruth)
    box(ruth).fill("I had begun to say this.")
    context = ruth.context
    ruth.close()
    page = context.new_page()
    look(page, story)
    is_asked_for(page)
    open_box(page)
    expect(box(page)).to_have_value("I had begun to say this.")
    expect(page.locator(".box-draft")).to_contain_text(re.compile("Your draft is back. You last changed it .+ ago."))
    page.goto(f"/stories/{story}/comments/new/")
    expect(box(page)).to_have_value("I had begun to say this.")
    page.context.clear_cookies()
    sign_in(page, "ned@example.org")
    look(page, story)
    is_asked_for(page)
    open_box(page)
    expect(box(page)).to_have_value("")
    assert drafts(page) == []


def test_signing_out_leaves_no_draft_behind(ruth):
    open_box(ruth)
    box(ruth).fill("Nobody else is to read this.")
    assert len(drafts(ruth)) == 1
    ruth.goto("/accounts/logout/")
    ruth.locator("main form button").first.click()
    ruth.wait_for_url(lambda url: "logout" not in url)
    assert drafts(ruth) == []


def test_a_draft_is_discarded_when_asked_to_and_forgotten_after_a_week(ruth, story):
    open_box(ruth)
    box(ruth).fill("Not this.")
    ruth.get_by_role("button", name="Cancel").click()
    ruth.get_by_role("button", name="Keep it for later").click()
    expect(ruth.get_by_role("link", name="Write a comment")).to_be_focused()
    open_box(ruth)
    expect(box(ruth)).to_have_value("Not this.")
    ruth.get_by_role("button", name="Discard it").click()
    expect(box(ruth)).to_have_value("")
    assert drafts(ruth) == []
    box(ruth).fill("Nor this.")
    (name,) = drafts(ruth)
    old = json.loads(ruth.evaluate("(name) => localStorage.getItem(name)", name))
    old["at"] -= 7 * 24 * 3600 * 1000
    ruth.evaluate("([name, kept]) => localStorage.setItem(name, kept)", [name, json.dumps(old)])
    look(ruth, story)
    is_asked_for(ruth)
    open_box(ruth)
    expect(box(ruth)).to_have_value("")
    assert drafts(ruth) == []


def test_a_posted_comment_leaves_no_draft(ruth):
    open_box(ruth)
    box(ruth).fill("Said and done.")
    post(ruth)
    expect(comment_with(ruth, "Said and done.")).to_be_visible()
    assert drafts(ruth) == []


def test_characters_are_counted_as_the_server_counts_them(ruth):
    open_box(ruth)
    left = ruth.locator(".box-left")
    expect(left).to_have_text("5,000 characters left")
    box(ruth).fill("👍🏽 é\u0301\r\n ")  # a thumb is two characters, e with two accents is two
    expect(left).to_have_text("4,995 characters left")
    spoken = ruth.locator("comment-form [role=status]")
    expect(spoken).to_have_text("")
    box(ruth).fill("😀" * 4950)
    expect(spoken).to_have_text("50 characters left")
    box(ruth).fill("x" * 5003)
    expect(left).to_have_text("3 characters too many")
    post(ruth)
    expect(ruth.get_by_role("alert")).to_contain_text("5,003 characters")
    expect(box(ruth)).to_have_value("x" * 5003)


def test_slow_mode_counts_down_and_lets_the_next_one_pass(ruth, story, newsroom):
    newsroom.run(SLOW.format(story=story, seconds=6))
    look(ruth, story)
    is_asked_for(ruth)
    expect(ruth.get_by_text("Slow mode: one comment every 6 seconds.")).to_be_visible()
    open_box(ruth)
    box(ruth).fill("The first.")
    post(ruth)
    expect(comment_with(ruth, "The first.")).to_be_visible()
    open_box(ruth)
    box(ruth).fill("The second.")
    expect(ruth.locator(".box-wait")).to_have_text(re.compile(r"You can post again in 0:0[1-6]\."))
    send = ruth.get_by_role("button", name="Post comment")
    expect(send).to_have_attribute("aria-disabled", "true")
    send.click(force=True)
    expect(ruth.get_by_role("alert")).to_contain_text("You can post again in")
    expect(send).to_have_attribute("aria-disabled", "false", timeout=10_000)
    expect(ruth.get_by_role("alert")).to_be_hidden()
    send.click()
    expect(comment_with(ruth, "The second.")).to_be_visible()


def test_what_the_server_took_and_could_not_say_is_posted_once(ruth, story, newsroom):
    """The answer is lost on its way; the reader tries again, even from a page loaded anew."""

    def lose(route):
        route.fetch()
        route.abort()

    open_box(ruth)
    box(ruth).fill("Only once, please.")
    ruth.route("**/comments/new/", lose, times=1)
    post(ruth)
    expect(ruth.get_by_role("alert")).to_contain_text("could not be sent")
    look(ruth, story)
    is_asked_for(ruth)
    open_box(ruth)
    expect(box(ruth)).to_have_value("Only once, please.")
    ruth.route("**/comments/new/", lambda route: route.fulfill(status=502, body="<h1>Bad gateway</h1>"), times=1)
    post(ruth)
    expect(ruth.get_by_role("alert")).to_contain_text("could not be sent")
    post(ruth)
    expect(box(ruth)).to_have_count(0)
    expect(comment_with(ruth, "Only once, please.")).to_have_count(1)
    assert newsroom.run(COUNT.format(body="Only once, please.")) == 1


def test_the_page_of_its_own_posts_without_leaving_until_it_is_done(open_page, sign_in, story):
    page = open_page()
    sign_in(page, "ruth@example.org")
    page.goto(f"/stories/{story}/comments/new/")
    expect(page.locator(".box-left")).to_be_visible()
    post(page)
    expect(page.get_by_role("alert")).to_contain_text("nothing in the box")
    box(page).fill("From the plain page.")
    post(page)
    expect(comment_with(page, "From the plain page.")).to_be_visible()
    assert [fault for fault in page.faults if "422" not in fault] == []


def test_an_edit_tells_how_long_it_may_take(ruth):
    open_box(ruth)
    box(ruth).fill("Seven to fuor.")
    post(ruth)
    comment_with(ruth, "fuor").get_by_role("link", name="Edit").click()
    expect(ruth.get_by_text(re.compile(r"You can save changes for another 4:\d\d\."))).to_be_visible()
    expect(ruth.get_by_role("button", name="Quote this comment")).to_have_count(0)
    ruth.get_by_role("button", name="Cancel").click()
    expect(box(ruth)).to_have_count(0)


def test_a_review_is_written_and_changed_with_stars_and_a_reply_without(ruth, story, newsroom):
    newsroom.run(REVIEWS.format(story=story))
    look(ruth, story)
    is_asked_for(ruth)
    ruth.get_by_role("link", name="Write a review").click()
    ruth.get_by_role("textbox", name="Review", exact=True).fill("It rings too loud.")
    send = ruth.get_by_role("button", name="Post review", exact=True)
    send.click()
    expect(ruth.get_by_role("alert")).to_contain_text("one to five stars")
    ruth.get_by_role("radio", name="4 of 5 stars").check()
    send.click()
    review = comment_with(ruth, "It rings too loud.")
    expect(review).to_contain_text("4 of 5 stars")
    review.get_by_role("link", name="Reply").click()
    expect(ruth.get_by_role("textbox", name="Reply", exact=True)).to_be_visible()
    expect(ruth.get_by_role("radio")).to_have_count(0)
    ruth.get_by_role("button", name="Cancel").click()
    review.get_by_role("link", name="Edit").click()
    expect(ruth.get_by_role("radio", name="4 of 5 stars")).to_be_checked()
    ruth.get_by_role("radio", name="5 of 5 stars").check()
    ruth.get_by_role("button", name="Save", exact=True).click()
    expect(review).to_contain_text("5 of 5 stars")


@pytest.mark.parametrize(
    "eyes", [{"color_scheme": "dark"}, {"forced_colors": "active", "reduced_motion": "reduce"}], ids=["dark", "forced"]
)
def test_the_box_with_all_it_may_say_is_silent_in_axe_and_fits_a_phone(open_page, sign_in, story, eyes):
    """320 px is also a screen of 640 px at 200 %."""
    page = open_page(width=320, **eyes)
    sign_in(page, "ruth@example.org")
    look(page, story)
    is_asked_for(page)
    open_box(page)
    post(page)
    expect(page.get_by_role("alert")).to_contain_text("nothing in the box")
    box(page).fill("> " + "Supercalifragilistic" * 12 + "\n\n" + "x" * 5003)
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("region", name="Preview")).to_contain_text("at most 5,000")
    box(page).fill("> " + "Supercalifragilistic" * 12)
    expect(page.get_by_role("region", name="Preview").locator("blockquote")).to_be_visible()
    page.get_by_text("How to format").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("button", name="Keep it for later")).to_be_focused()
    assert axe_findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.get_by_role("button", name="Keep it for later").press("Enter")
    expect(page.get_by_role("link", name="Write a comment")).to_be_focused()
