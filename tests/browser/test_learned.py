"""A supervisor goes back to an earlier version of what the scorer learned, in a real browser without a script."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.test_standards import axe_findings

pytestmark = pytest.mark.browser

VERSIONS = """
from broadsheet.scores.learning.models import Version, packed

figures = {
    "decisions": 400, "rejected": 90,
    "auc": {"base": [0.71, 0.6, 0.8], "now": [0.78, 0.7, 0.86]},
    "precision": {"base": None, "now": [0.6, 0.4, 0.8, 12]},
    "languages": {"en": {"decisions": 400, "rejected": 90, "believed": 0.44, "auc": {"base": None, "now": None}}},
}
kept = {"base": "told/1", "digest": "1", "figures": figures, "packed": packed([])}
words = {"more": [["troll", 1.5]], "less": [["bridge", -0.6]]}
Version.objects.create(number=1, standing="kept", state=b"1", **kept)
Version.objects.create(number=2, standing="in force", state=b"2", words=words, **kept)
about = {"term": "deaf", "share": 0.2}
Version.objects.create(number=3, standing="refused", base="told/1", digest="3", reason="term", about=about)
"""
FORGET = "from broadsheet.scores.learning.models import Version; Version.objects.all().delete()"


@pytest.fixture
def versions(newsroom):
    newsroom.run(VERSIONS)
    yield
    newsroom.run(FORGET)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_one_click_goes_back_without_a_script(open_page, sign_in, versions, scheme):
    page = open_page(color_scheme=scheme, javascript=False)
    sign_in(page, "ada@example.org")
    page.goto("/moderation/scorer/")
    page.get_by_role("link", name="What the scorer learned from your decisions").click()
    expect(page.get_by_text("It would hold 20% of harmless sentences that say “deaf”.")).to_be_visible()
    page.get_by_role("button", name="Go back to this one (1)").click()
    expect(page.get_by_text("Version 1 is in force.")).to_be_visible()
    expect(page.get_by_role("row", name="2", exact=False).get_by_text("Left by hand")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_the_page_is_no_wider_than_the_phone_and_its_words_are_marked_in_the_paper_s_colours(
    open_page, sign_in, versions, scheme
):
    page = open_page(color_scheme=scheme, width=360)
    sign_in(page, "ada@example.org")
    page.goto("/moderation/scorer/learned/")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    marked = page.get_by_text("troll", exact=True).evaluate("each => getComputedStyle(each).backgroundColor")
    assert marked not in {"rgb(255, 255, 0)", "rgba(0, 0, 0, 0)"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_pages_about_it(open_page, sign_in, versions, scheme):
    page = open_page(color_scheme=scheme)
    sign_in(page, "ada@example.org")
    for address in ("/moderation/scorer/learned/", "/moderation/scorer/misread/1/"):
        page.goto(address)
        assert axe_findings(page) == [], address
