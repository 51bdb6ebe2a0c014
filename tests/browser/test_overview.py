"""The overview in a browser: it refreshes itself calmly, can be stopped, and is as good without a script."""

from __future__ import annotations

import re

import pytest

from tests.browser.test_standards import axe_findings

pytestmark = pytest.mark.browser
OVERVIEW = "/moderation/overview/"
HOLD = """
from broadsheet.discussion.models import Comment, Thread
from broadsheet.moderation.models import Entry
from broadsheet.core import clock
comment = Comment.objects.filter(status="published").first()
Entry.objects.get_or_create(
    queue="appeals", comment=comment, defaults=dict(since=clock.now(), due=clock.now(), thread=comment.thread)
)
print("true")
"""
LET_GO = 'from broadsheet.moderation.models import Entry; Entry.objects.filter(queue="appeals").delete(); print("true")'


def look_again(page):
    """As when somebody comes back to the tab: the element asks at once."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_the_numbers_change_in_place_and_a_button_stops_it(open_page, sign_in, newsroom):
    faults = []
    page = open_page()
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    sign_in(page, "edna@example.org")
    page.goto(OVERVIEW)
    with page.expect_response(re.compile("/overview/now/")):
        look_again(page)
    count = page.locator('[data-queue="appeals"] [data-count]')
    assert count.text_content() == "0"
    try:
        newsroom.run(HOLD)
        # What was counted serves everybody for ten seconds; we come back to the tab until it is counted anew.
        page.wait_for_function(
            """() => {
              document.dispatchEvent(new Event("visibilitychange"));
              return document.querySelector("[data-queue=appeals] [data-count]").textContent === "1";
            }""",
            polling=500,
        )
        assert "waiting" in page.locator("[data-said]").text_content(), "told once, to those who listen"
        with page.expect_response(re.compile("/overview/now/")) as same:
            look_again(page)
        assert same.value.status == 304

        page.get_by_role("button", name="Stop refreshing").click()
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        look_again(page)
        page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert asked == []
        with page.expect_response(re.compile("/overview/now/")):
            page.get_by_role("button", name="Refresh again").click()
    finally:
        newsroom.run(LET_GO)
    assert faults == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_pages_that_look_after_the_desk(open_page, sign_in, scheme):
    page = open_page(color_scheme=scheme, width=390)
    sign_in(page, "edna@example.org")
    for address in (OVERVIEW, "blind/", "audit/", "webhooks/", "webhooks/new/", "mail/"):
        page.goto(address if address.startswith("/") else f"/moderation/{address}")
        assert axe_findings(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address


def test_without_javascript_it_is_the_same_page(open_page, sign_in):
    page = open_page(javascript=False)
    sign_in(page, "edna@example.org")
    page.goto(OVERVIEW)
    assert page.locator("[data-queue]").count() == 5 and page.get_by_role("button", name="Stop").count() == 0


def test_however_long_something_has_waited_it_fits_a_phone(open_page, sign_in):
    """On a quick machine the oldest of the cast has waited for less than a minute, which is the longest to say."""
    page = open_page(width=320)
    sign_in(page, "edna@example.org")
    page.goto(OVERVIEW)
    page.evaluate(
        "document.querySelectorAll('[data-oldest]').forEach((cell) => { cell.textContent = 'less than a minute'; })"
    )
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
