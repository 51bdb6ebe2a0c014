"""The desk by single keys, in a real Chromium."""

from __future__ import annotations

import shutil

import pytest
from django.db import connection

from broadsheet.discussion.models import Comment
from broadsheet.moderation.actions import report_comment
from broadsheet.moderation.models import Decision

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium here"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def desk(live_server, client, moderator, settings):
    """A browser in which Mona is signed in."""
    from playwright.sync_api import sync_playwright

    client.force_login(moderator)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = browser.new_context(base_url=live_server.url)
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.faults = []
        page.on("pageerror", lambda fault: page.faults.append(str(fault)))
        page.on("console", lambda said: page.faults.append(said.text) if said.type == "error" else None)
        yield page
        browser.close()
        connection.close()  # Playwright runs the test in a context of its own, and with it a connection of its own


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def decided(page, *keys):
    with page.expect_navigation(url="**/moderation/pending/**"):
        press(page, *keys)


def test_a_shift_is_worked_by_keys_alone(desk, make_comment):
    comments = [make_comment(status="pending") for _ in range(4)]
    desk.goto("/moderation/pending/")
    decided(desk, "j", "a")
    assert desk.evaluate("document.activeElement.id") == f"card-{comments[1].pk}"
    decided(desk, "6", "Enter")
    decided(desk, "j", "k", "2", "Enter")
    decided(desk, "r", "ArrowDown", "Tab", *"noted", "Tab", "Enter")
    assert [(made.comment_id, made.act, made.reason, made.note) for made in Decision.objects.order_by("pk")] == [
        (comments[0].pk, "approved", "fine", ""),
        (comments[1].pk, "rejected", "spam", ""),
        (comments[2].pk, "rejected", "abusive", ""),
        (comments[3].pk, "rejected", "irrelevant", "noted"),
    ]
    assert desk.get_by_text("No comment is waiting.").is_visible()
    assert desk.faults == []


def test_no_key_decides_while_no_card_is_chosen_or_somebody_types(desk, make_comment):
    comment = make_comment()
    report_comment(comment=comment, reporter=None, address="192.0.2.7", reason="spam")
    desk.goto("/moderation/reported/")
    press(desk, "a", "6", "Enter")
    desk.locator("article").get_by_label("Desk note").fill("")
    press(desk, *"aj6rk")
    assert desk.locator("article").get_by_label("Desk note").input_value() == "aj6rk"
    assert not Decision.objects.exists()
    assert Comment.objects.get(pk=comment.pk).status == "published"


def test_single_keys_can_be_switched_off_for_good(desk, make_comment):
    make_comment(status="pending")
    desk.goto("/moderation/pending/")
    desk.get_by_label("Single keys").uncheck()
    desk.reload()
    assert not desk.get_by_label("Single keys").is_checked()
    press(desk, "j", "a")
    assert desk.evaluate("document.activeElement.tagName") == "BODY"
    assert not Decision.objects.exists()
