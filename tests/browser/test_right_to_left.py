"""The paper in Arabic: every kind of page reads from right to left, in a real browser, with and without a script."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Newsroom, let_in
from tests.browser.test_standards import DESK, PUBLIC, READERS, axe_findings, bring_axe

pytestmark = pytest.mark.browser

STORY = "/stories/1/bridge/"


@pytest.fixture(scope="module")
def arabic(newsroom, tmp_path_factory):
    """The same people and stories in a newsroom whose language is Arabic."""
    folder = tmp_path_factory.mktemp("arabic")
    here = Path(newsroom.environment["BROADSHEET_DATA_DIR"])
    name = "broadsheet.sqlite3"
    with closing(sqlite3.connect(here / name)) as theirs, closing(sqlite3.connect(folder / name)) as copy:
        theirs.backup(copy)
    room = Newsroom(folder)
    room.environment["BROADSHEET_LANGUAGE"] = "ar"
    room.start("--no-live", "--no-worker")
    yield room
    room.stop()


@pytest.fixture
def enter(open_page, arabic):
    """A page of the Arabic newsroom, signed in where an address is given."""

    def enter_as(email=None, **options):
        page = open_page(**options)
        if email:
            let_in(arabic, page, email)
        return page

    return enter_as


@pytest.mark.parametrize(
    ("email", "addresses"),
    [(None, PUBLIC), ("ruth@example.org", [*READERS, STORY]), *DESK.items()],
    ids=["signed out", "a reader", "a moderator", "an editor"],
)
def test_every_page_reads_from_right_to_left_fits_a_phone_and_is_silent_in_axe(enter, arabic, email, addresses):
    page, faults = enter(email, width=320), {}
    bring_axe(page)
    for address in addresses:
        page.goto(arabic.url + address)
        expect(page.locator("html")).to_have_attribute("dir", "rtl")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0 or (found := axe_findings(page)):
            faults[address] = wide or found
    assert faults == {}


@pytest.mark.parametrize("javascript", [True, False])
def test_a_reply_is_set_in_from_the_right_and_words_keep_their_own_direction(enter, arabic, javascript):
    arabic.run(
        "from broadsheet.accounts.models import Reader\n"
        "from broadsheet.discussion.actions import post_comment\n"
        "from broadsheet.discussion.models import Comment\n"
        "first = Comment.objects.get(pk=1)\n"
        "said = Reader.objects.get(email='ned@example.org')\n"
        f"post_comment(author=said, thread=first.thread, body='In English, twice: {javascript}.', parent=first)\n"
    )
    page = enter("ned@example.org", javascript=javascript)
    page.goto(arabic.url + STORY)
    words = page.get_by_text(f"twice: {javascript}").first
    assert words.evaluate("node => getComputedStyle(node).direction") == "ltr"
    right = [box["x"] + box["width"] for box in (page.locator("#comment-1").bounding_box(), words.bounding_box())]
    assert right[1] < right[0]
