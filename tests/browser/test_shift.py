"""A shift at the desk in a real Chromium: by keyboard alone, on a phone too; calm; and in place on the paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from broadsheet.accounts.models import Reader
from broadsheet.discussion.models import Comment
from broadsheet.moderation.actions import decide, pick, report_comment
from broadsheet.moderation.keys import choose
from broadsheet.moderation.models import Decision
from tests.browser.conftest import new_page
from tests.browser.test_standards import axe_findings

SHIFT = 50

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def at_desk(chromium, live_server, client, moderator, settings):
    """Opens pages at which Mona is signed in: at_desk(width=360, javascript=False)."""
    client.force_login(moderator)
    name, pages = settings.SESSION_COOKIE_NAME, []

    def enter(width=1280, javascript=True):
        page = new_page(chromium, live_server, width=width, height=800, javascript=javascript)
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        pages.append(page)
        return page

    yield enter
    for page in pages:
        page.context.close()


@pytest.fixture
def held(make_comment):
    """Comments that wait, as many as asked for."""

    def make(number):
        return [make_comment(status="pending") for _ in range(number)]

    return make


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


@pytest.mark.parametrize("width", [1280, 360], ids=["at a desk", "on a phone"])
def test_a_shift_of_fifty_is_worked_by_keys_alone(at_desk, held, width):
    held(SHIFT)
    page = at_desk(width)
    cards, left = page.locator("moderation-queue article.card"), SHIFT
    page.goto("/moderation/pending/")
    while left:
        cards.first.wait_for()
        on_page = cards.count()
        press(page, "j")
        for number in range(on_page):
            press(page, *(("a",) if number % 3 else ("6", "Enter")))
        expect(cards).to_have_count(0)
        left -= on_page
        expect(page.locator("a[data-next]")).to_be_focused()
        with page.expect_navigation():  # loaded, with its script: a card is there before it hears keys
            press(page, "Enter")
    page.get_by_text("No comment is waiting.").wait_for()
    made = Decision.objects.exclude(moderator=None)
    assert made.count() == SHIFT == Comment.objects.exclude(status="pending").count()
    assert {row.act for row in made} == {"approved", "rejected"}
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.faults == []


def test_what_a_colleague_decided_first_comes_back_with_the_reason(at_desk, held, administrator):
    [comment] = held(1)
    page = at_desk()
    page.goto("/moderation/pending/")
    decide(moderator=administrator, comment=comment, seen="pending", after="rejected", reason="spam")
    press(page, "j", "a")
    assert "Ada Ash" in page.get_by_role("alert").inner_text()
    assert Comment.objects.get(pk=comment.pk).status == "rejected"


def test_the_last_act_is_undone_by_a_key_and_the_card_is_back(at_desk, held):
    first, second = held(2)
    page = at_desk()
    page.goto("/moderation/pending/")
    press(page, "j", "a")
    page.get_by_role("button", name="Undo").wait_for()
    press(page, "u")
    page.locator(f"#card-{first.pk}").wait_for()
    assert [made.act for made in first.decisions.order_by("number")][-2:] == ["approved", "undone"]
    assert Comment.objects.get(pk=first.pk).status == "pending"
    assert Comment.objects.get(pk=second.pk).status == "pending"
    assert page.faults == []


def test_the_key_takes_back_the_last_act_also_where_the_next_card_has_one_of_its_own(at_desk, make_comment, moderator):
    first, second = make_comment("The first."), make_comment("The second.")
    for comment in (first, second):
        report_comment(comment=comment, reporter=None, address="192.0.2.7", reason="spam")
    pick(moderator=moderator, comment=second)
    page = at_desk()
    page.goto("/moderation/reported/")
    page.locator(f"#card-{first.pk}").focus()
    press(page, "a")
    page.locator(".card-done").get_by_role("button", name="Undo").wait_for()
    page.locator(f"#card-{second.pk}").focus()
    press(page, "u")
    page.locator(f"#card-{first.pk}").wait_for()
    assert page.locator(f"#card-{first.pk} [data-act=select]").count() == 1
    assert [made.act for made in first.decisions.order_by("number")][-2:] == ["kept", "undone"]
    assert Comment.objects.get(pk=second.pk).picked_at is not None
    assert page.faults == []


def test_keys_are_shown_made_others_and_switched_off(at_desk, held, moderator):
    [comment] = held(1)
    page = at_desk()
    page.goto("/moderation/preferences/")
    page.get_by_label("approve, keep or restore").fill("z")
    page.get_by_role("button", name="Keep").click()
    page.goto("/moderation/pending/")
    assert page.locator("button.approve").get_attribute("aria-keyshortcuts") == "z"
    press(page, "j", "a")
    assert not comment.decisions.exclude(moderator=None).exists()
    press(page, "z")
    page.get_by_role("button", name="Undo").wait_for()
    assert comment.decisions.get(moderator=moderator).act == "approved"
    choose(moderator=moderator, keys={}, keys_on=False, calm=False)
    page.goto("/moderation/preferences/")
    assert not page.get_by_label("Single keys do something").is_checked()
    page.goto("/moderation/unreviewed/")
    press(page, "j", "?")
    assert page.evaluate("document.activeElement.tagName") == "BODY"


def test_no_key_decides_while_no_card_is_chosen_or_somebody_types(at_desk, make_comment):
    comment = make_comment()
    report_comment(comment=comment, reporter=None, address="192.0.2.7", reason="spam")
    page = at_desk()
    page.goto("/moderation/reported/")
    press(page, "a", "6", "Enter")
    press(page, "j", "m")  # into the desk note, whose fold opens
    press(page, *"aj6rk")
    assert page.locator("article").get_by_label("Desk note").input_value() == "aj6rk"
    assert not Decision.objects.exclude(moderator=None).exists()
    assert Comment.objects.get(pk=comment.pk).status == "published"


def test_calm_mode_blurs_abuse_until_asked_and_needs_no_script(at_desk, make_comment):
    comment = make_comment()
    report_comment(comment=comment, reporter=None, address="192.0.2.7", reason="abusive")
    for javascript in (True, False):
        page = at_desk(javascript=javascript)
        page.goto("/moderation/reported/")
        words = page.locator(f"#card-{comment.pk} .card-words")
        assert words.evaluate("one => getComputedStyle(one).filter") == ("none" if javascript else "blur(7.2px)")
        if javascript:
            page.get_by_role("button", name="Calm").click()
            expect(page.get_by_role("button", name="Calm")).to_have_attribute("value", "no")
            assert words.evaluate("one => getComputedStyle(one).filter") == "blur(7.2px)"
        page.get_by_text("Show the words").click()
        assert words.evaluate("one => getComputedStyle(one).filter") == "none"


def test_a_moderator_decides_in_place_on_the_page_that_readers_see(at_desk, make_comment, story, live_server):
    comment = make_comment()
    page = at_desk()
    page.context.add_cookies([{"name": "reader", "value": "1", "url": live_server.url}])
    page.goto(story.get_absolute_url())
    page.locator(f"#comment-{comment.pk}").get_by_role("button", name="Decide").click()
    panel = page.get_by_role("group", name="Decide", exact=True)
    panel.get_by_label("Reason").select_option("spam")
    panel.get_by_role("button", name="Reject").click()
    panel.get_by_text("You rejected the comment").wait_for()
    assert Comment.objects.get(pk=comment.pk).status == "rejected"
    assert axe_findings(page) == []
    assert [
        fault for fault in page.faults if "ERR_NAME_NOT_RESOLVED" not in fault
    ] == []  # the tests run no live stream


def test_readers_are_not_offered_to_decide(client, reader, story, thread):
    client.force_login(reader)
    told = client.get(f"/threads/{thread.pk}/me/").json()
    assert "desk" not in told


@pytest.mark.parametrize("address", ["reported", "pending", "mine", "asked", "views", "preferences", "decisions"])
def test_the_desk_is_silent_in_axe_and_fits_a_phone(at_desk, held, make_comment, address):
    held(1)
    comment = make_comment()
    report_comment(comment=comment, reporter=None, address="192.0.2.7", reason="abusive", note="x" * 80)
    page = at_desk(320)
    page.goto(f"/moderation/{address}/")
    assert axe_findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_nobody_has_two_acts_on_one_key_or_a_key_that_is_none(moderator, client):
    client.force_login(moderator)
    for keys in ({"key-approve": "j"}, {"key-approve": "1"}, {"key-approve": "ab"}, {"key-approve": " "}):
        answer = client.post("/moderation/preferences/", {**keys, "keys_on": "yes"})
        assert answer.status_code == 422
    assert not Reader.objects.filter(desk_preference__isnull=False).exists()
