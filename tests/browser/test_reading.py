"""Reading a discussion in a real browser: orders, respect, what is new, keys, mutes, and the same without a script."""

from __future__ import annotations

import gzip
import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_discussion import is_asked_for, look, new_comments
from tests.browser.test_discussion import say as say
from tests.browser.test_discussion import story as story
from tests.browser.test_journeys import comment_with
from tests.browser.test_standards import axe_findings

pytestmark = pytest.mark.browser

LEFT = """
from datetime import timedelta
from django.db.models import F
from broadsheet.discussion.models import Comment, Visit

long = timedelta(hours=1)
Visit.objects.filter(thread={story}).update(at=F("at") - long)
Comment.objects.filter(thread={story}).update(published_at=F("published_at") - long - long)
"""


@pytest.fixture
def enter(open_page, sign_in, story):
    """Ned, signed in, on the page of this test's story; `query` and `options` as for a page."""

    def as_ned(query="", **options):
        page = open_page(**options)
        sign_in(page, "ned@example.org")
        look(page, story, query)
        if options.get("javascript", True):
            is_asked_for(page)
        return page

    return as_ned


def respect_in(comment):
    return comment.get_by_role("button", name="Respect", exact=True)


def test_respect_shows_at_once_and_everybody_sees_the_number(enter, open_page, story, say):
    say("The deck can carry more.", who="ruth")
    watching = open_page()
    look(watching, story)
    page = enter()
    comment = comment_with(page, "carry more")
    respect_in(comment).click()
    expect(respect_in(comment)).to_have_attribute("aria-pressed", "true")
    expect(comment.locator(".respects")).to_contain_text("1")
    expect(comment_with(watching, "carry more").locator(".respects")).to_contain_text("1")
    expect(respect_in(comment)).to_be_focused()
    page.reload()
    expect(respect_in(comment)).to_have_attribute("aria-pressed", "true")
    respect_in(comment).press("Enter")
    expect(respect_in(comment)).to_have_attribute("aria-pressed", "false")
    expect(comment_with(watching, "carry more").locator(".respects")).to_have_count(0)
    assert page.faults == watching.faults == []


def test_respect_that_is_refused_is_taken_back_with_the_reason(enter, story, say):
    say("The deck can carry more.", who="ruth")
    page = enter()
    refusal = '{"refused": "Not now, please."}'
    page.route("**/respect/", lambda route: route.fulfill(status=403, content_type="application/json", body=refusal))
    comment = comment_with(page, "carry more")
    respect_in(comment).click()
    expect(comment.get_by_role("alert")).to_have_text("Not now, please.")
    expect(respect_in(comment)).to_have_attribute("aria-pressed", "false")
    expect(comment.locator(".respects")).to_have_count(0)


def test_without_javascript_respect_follow_and_mute_are_pages(enter, story, say):
    say("The deck can carry more.", who="ruth")
    page = enter(javascript=False)
    comment_with(page, "carry more").get_by_role("link", name="Respect").click()
    page.get_by_role("button", name="Respect").click()
    expect(comment_with(page, "carry more").locator(".respects")).to_contain_text("1")
    page.get_by_role("link", name="Follow this discussion").click()
    page.get_by_role("button", name="Follow").click()
    expect(page).to_have_url(re.compile(r"/tram/#comments$"))
    page.goto("/me/following/")
    expect(page.get_by_role("link", name="A quiet street gets a tram", exact=True).first).to_be_visible()


def test_a_reader_s_own_comment_offers_them_no_respect(enter, story, say):
    say("Mine.", who="ned")
    say("Hers.", who="ruth")
    page = enter()
    expect(respect_in(comment_with(page, "Hers."))).to_be_visible()
    expect(comment_with(page, "Mine.").locator("[data-act=respect]")).to_have_count(0)


def test_the_order_is_chosen_from_a_list_that_needs_no_script(open_page, story, say):
    say("The first.")
    say("The second.")
    page = open_page(javascript=False)
    look(page, story)
    page.get_by_text("Order: Oldest first").click()
    page.get_by_role("link", name="Newest first").click()
    expect(page.locator(".comment").first).to_contain_text("The second.")
    expect(page.get_by_text("Order: Newest first")).to_be_visible()


def test_the_list_of_orders_is_put_away_by_escape_and_by_a_click_beside_it(open_page, story, say):
    say("The first.")
    say("The second.")
    page = open_page()
    look(page, story)
    order, newest = page.locator(".comments-order summary"), page.get_by_role("link", name="Newest first")
    order.press("Enter")
    page.keyboard.press("Tab")
    expect(newest).to_be_focused()
    page.keyboard.press("Escape")
    expect(newest).to_be_hidden()
    expect(order).to_be_focused()
    order.click()
    expect(newest).to_be_visible()
    page.locator("h1").click()
    expect(newest).to_be_hidden()


def test_in_an_order_by_merit_the_new_wait_where_the_newest_are(open_page, story, say):
    say("The first.")
    page = open_page()
    look(page, story, "?order=respected")
    say("The second.")
    new_comments(page).click()
    expect(page).to_have_url(re.compile("order=newest"))
    expect(page.locator(".comment").first).to_contain_text("The second.")


def test_words_are_searched_without_a_script(open_page, story, say):
    say("The gauge stood at 140 cm.")
    page = open_page(javascript=False)
    look(page, story)
    page.get_by_role("searchbox", name="Words to look for").fill("GAUGE")
    page.get_by_role("search").get_by_role("button", name="Search").click()
    expect(page.locator("mark")).to_have_text("gauge")


def test_what_is_new_is_marked_and_the_keys_lead_there(enter, newsroom, story, say):
    say("Read long ago.", who="ruth")
    page = enter()
    page.wait_for_load_state("networkidle")
    newsroom.run(LEFT.format(story=story))
    say("New since.", who="ruth")
    say("Newer still.", who="ruth")
    look(page, story)
    expect(page.get_by_text("2 new comments since your last visit.")).to_be_visible()
    expect(comment_with(page, "New since.").get_by_text("New", exact=True)).to_be_visible()
    expect(comment_with(page, "Read long ago.").get_by_text("New", exact=True)).to_have_count(0)
    page.keyboard.press("n")
    expect(comment_with(page, "New since.")).to_be_focused()
    page.keyboard.press("n")
    expect(comment_with(page, "Newer still.")).to_be_focused()
    page.keyboard.press("p")
    expect(comment_with(page, "New since.")).to_be_focused()
    page.keyboard.press("k")
    expect(comment_with(page, "Read long ago.")).to_be_focused()
    assert page.faults == []


def test_the_keys_are_listed_switched_off_and_silent_while_one_writes(enter, story, say):
    say("One.", who="ruth")
    page = enter()
    page.get_by_role("searchbox").first.focus()
    page.keyboard.type("jn?")
    expect(page.get_by_role("searchbox").first).to_have_value("jn?")
    page.get_by_role("button", name="Keyboard shortcuts").click()
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_contain_text("next new comment")
    assert axe_findings(page) == []
    dialog.get_by_label("Use these keys").uncheck()
    dialog.get_by_role("button", name="Close").click()
    page.keyboard.press("j")
    expect(comment_with(page, "One.")).not_to_be_focused()
    page.reload()
    is_asked_for(page)
    page.keyboard.press("?")
    expect(dialog).to_be_hidden()


def test_somebody_muted_is_folded_away_for_this_reader_alone(enter, open_page, story, say):
    say("Louder than needed.", who="ruth")
    page = enter()
    comment = comment_with(page, "Louder than needed.")
    comment.get_by_role("button", name="More").click()
    comment.get_by_role("button", name="Mute Ruth Reader").click()
    expect(comment).to_be_hidden()
    expect(page.get_by_text("A comment by someone you muted.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("A comment by someone you muted.")).to_be_visible()
    assert axe_findings(page) == []
    page.get_by_role("button", name="Show").click()
    expect(comment).to_be_visible()
    expect(comment).to_be_focused()
    comment.get_by_role("button", name="More").click()
    comment.get_by_role("button", name="Read Ruth Reader again").click()
    expect(page.get_by_text("A comment by someone you muted.")).to_have_count(0)
    other = open_page()
    look(other, story)
    expect(comment_with(other, "Louder than needed.")).to_be_visible()
    assert page.faults == []


def test_on_a_phone_a_reader_s_name_has_the_room_there_is_and_moves_nothing(open_page, sign_in, story):
    page = open_page(width=320)
    look(page, story)
    search = page.locator(".masthead-links").get_by_role("link", name="Search")
    before = search.bounding_box()
    sign_in(page, "ned@example.org")
    look(page, story)
    is_asked_for(page)
    name = page.get_by_role("link", name="Ned Newcomer", exact=True).first
    assert name.evaluate("link => [link.scrollWidth - link.clientWidth, link.title]") == [0, "Ned Newcomer"]
    assert search.bounding_box() == before
    name.evaluate("link => (link.textContent = 'Alexandrina Featherstonehaugh-Marchbanks')")
    assert search.bounding_box() == before
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_replies_are_opened_in_place_and_their_list_can_be_closed(open_page, story, say):
    first = say("Which line?")
    for number in range(7):
        say(f"Line {number}.", parent=first)
    page = open_page()
    look(page, story)
    fold = page.locator(".fold summary")
    expect(fold).to_have_text("5 of 7 replies")
    expect(page.get_by_text("Line 6.")).to_have_count(0)
    page.get_by_role("link", name="Show all 7 replies").click()
    expect(comment_with(page, "Line 5.")).to_be_focused()
    expect(page.get_by_text("Line 6.")).to_be_visible()
    expect(fold).to_have_text("7 replies")
    fold.press("Enter")
    expect(page.get_by_text("Line 6.")).to_be_hidden()
    assert page.faults == []


def test_without_javascript_replies_are_one_page_away_and_their_list_can_be_closed(open_page, story, say):
    first = say("Which line?")
    for number in range(7):
        say(f"Line {number}.", parent=first)
    page = open_page(javascript=False)
    look(page, story)
    page.locator(".fold summary").click()
    expect(page.get_by_text("Line 2.")).to_be_hidden()
    page.get_by_role("link", name="Show all 7 replies").click()
    expect(page.get_by_text("Line 6.")).to_be_visible()


def test_what_a_reply_answers_is_shown_on_hover_and_focus_and_put_away(open_page, story, say):
    parent = say("The depot is full.")
    for number in range(4):
        parent = say(f"Level {number}.", parent=parent)
    page = open_page()
    page.goto(f"/comments/{parent}/")
    link = page.get_by_role("link", name="In reply to Ned Newcomer").last
    link.focus()
    expect(page.locator("#comment-glimpse")).to_contain_text("Level 2.")
    expect(link).to_have_attribute("aria-describedby", "comment-glimpse")
    page.keyboard.press("Escape")
    expect(page.locator("#comment-glimpse")).to_have_count(0)
    link.hover()
    page.locator("#comment-glimpse").hover()
    expect(page.locator("#comment-glimpse")).to_be_visible()
    assert axe_findings(page) == []


def test_a_first_touch_shows_what_a_reply_answers_and_the_second_leads_there(open_page, newsroom, story, say):
    parent = say("The depot is full.")
    for number in range(4):
        parent, answered = say(f"Level {number}.", parent=parent), parent
    page = open_page(width=390, has_touch=True, is_mobile=True)
    page.goto(f"/comments/{parent}/")
    link = page.get_by_role("link", name="In reply to Ned Newcomer").last
    link.tap()
    expect(page.locator("#comment-glimpse")).to_contain_text("Level 2.")
    expect(page).to_have_url(re.compile(f"#comment-{parent}$"))
    link.tap()
    expect(page).to_have_url(re.compile(f"#comment-{answered}$"))


def test_a_moderator_finds_the_desk_from_a_story_and_a_reader_does_not(enter, open_page, sign_in, story):
    page = open_page()
    sign_in(page, "mona@example.org")
    look(page, story)
    page.get_by_role("navigation", name="Sections").get_by_role("link", name="Moderation").click()
    expect(page).to_have_url(re.compile("/moderation/"))
    expect(enter().get_by_role("link", name="Moderation")).to_have_count(0)


def test_a_comment_s_address_is_copied(open_page, newsroom, story, say):
    number = say("Worth passing on.")
    page = open_page()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=newsroom.url)
    look(page, story)
    page.evaluate("Object.defineProperty(navigator, 'share', {value: undefined})")
    comment_with(page, "Worth passing on.").get_by_role("link", name="Share").click()
    expect(comment_with(page, "Worth passing on.")).to_contain_text("Link copied")
    assert page.evaluate("navigator.clipboard.readText()") == f"{newsroom.url}/comments/{number}/"


@pytest.mark.parametrize("javascript", [True, False])
def test_at_twice_the_size_nothing_is_lost(open_page, sign_in, story, say, javascript):
    say("Supercalifragilistic" * 12, who="ruth")
    page = open_page(width=640, height=450, javascript=javascript)  # 1280 px wide, at 200 %
    sign_in(page, "ned@example.org")
    look(page, story)
    for name in ("Reply", "Share", "Report as abuse"):
        expect(page.get_by_role("link", name=name).first).to_be_visible()
    if javascript:
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_in_forced_colours_and_with_reduced_motion_it_is_all_there(enter, story, say):
    say("Plain to see.", who="ruth")
    page = enter(forced_colors="active", reduced_motion="reduce")
    button = respect_in(comment_with(page, "Plain to see."))
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    assert button.evaluate("node => getComputedStyle(node).textDecorationLine") == "underline"
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    assert axe_findings(page) == []


def test_targets_are_large_enough_for_a_finger(enter, story, say):
    say("Press me.", who="ruth")
    page = enter(width=390)
    small = page.evaluate(
        """() => [...document.querySelectorAll('.discussion :is(a, button, summary, input)')]
          .filter(one => one.checkVisibility() && !one.closest('.policy, .comment-body'))
          .map(one => [one.textContent, one.getBoundingClientRect()])
          .filter(([, box]) => box.height < 24 || box.width < 24)
          .map(([words, box]) => `${words} ${box.width} ${box.height}`)"""
    )
    assert small == []


def test_every_new_page_is_silent_in_axe_and_fits_a_phone(enter, story, say):
    number = say("The deck can carry more.", who="ruth")
    page = enter(width=320)
    addresses = [
        f"/stories/{story}/tram/?order=respected", f"/stories/{story}/tram/?view=picks",
        f"/stories/{story}/comments/search/?q=deck", f"/stories/{story}/comments/follow/",
        f"/comments/{number}/respect/",
        f"/comments/{number}/respects/", "/readers/1/follow/", "/readers/1/mute/", "/me/following/",
    ]  # fmt: skip
    for address in addresses:
        page.goto(address)
        assert axe_findings(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, address


@pytest.mark.parametrize(("signed_in", "most"), [(False, 12_000), (True, 25_000)])
def test_readers_load_little_javascript(open_page, sign_in, newsroom, signed_in, most):
    page = open_page()
    if signed_in:
        sign_in(page, "ned@example.org")
    answers = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto("/stories/4/flood/")
    page.wait_for_load_state("networkidle")
    scripts = {
        answer.url: len(gzip.compress(answer.body(), 9))
        for answer in answers
        if answer.request.resource_type == "script" and answer.url.startswith(newsroom.url)
    }
    assert 0 < sum(scripts.values()) <= most, scripts
    assert any("reader-tools" in address for address in scripts) is signed_in
