"""What a reader of a story downloads, counted on the wire between a real server and a real Chromium.

Bodies are counted as they come, compressed; headers, which differ from server to server, are printed beside them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

STORY = "/stories/4/flood/"  # sixty comments, a page of fifty
SIGNED_OUT, SIGNED_IN = 12_000, 25_000  # bytes of JavaScript


@dataclass
class Fetched:
    """One answer as Chromium's network layer saw it."""

    address: str
    kind: str
    headers: dict[str, str]
    body: int = 0  # bytes on the wire
    all: int = 0  # with its headers


class Wire:
    """Notes everything a page and its workers fetch, with nothing taken from the browser's cache."""

    def __init__(self, page):
        self._by_id = {}
        session = page.context.new_cdp_session(page)
        session.on("Network.responseReceived", self._begin)
        session.on("Network.dataReceived", self._grow)
        session.on("Network.loadingFinished", self._end)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})

    def _begin(self, event):
        answer = event["response"]
        headers = {name.lower(): value for name, value in answer["headers"].items()}
        self._by_id[event["requestId"]] = Fetched(answer["url"], event["type"], headers)

    def _grow(self, event):
        if found := self._by_id.get(event["requestId"]):
            found.body += event["encodedDataLength"]

    def _end(self, event):
        if found := self._by_id.get(event["requestId"]):
            found.all = int(event["encodedDataLength"])
            found.body = int(found.headers.get("content-length", found.body))

    def fetched(self, kind):
        return [found for found in self._by_id.values() if found.kind == kind]

    def weight(self, kind):
        return sum(found.body for found in self.fetched(kind))

    def say(self, what):
        """Print what weighs how much, the heaviest first (pytest -s)."""
        scripts = sorted(self.fetched("Script"), key=lambda found: -found.body)
        kinds = {kind: self.weight(kind) for kind in ("Document", "Stylesheet", "Script", "Font")}
        print(f"\n{what}: {kinds}, scripts with their headers {sum(found.all for found in scripts)}")
        for found in scripts:
            name = found.address.rpartition("/static/")[2]
            print(f"  {found.body:>6} {found.headers.get('content-encoding', '-'):<5} {name}")


def test_the_scripts_of_a_signed_out_reader_weigh_at_most_twelve_kilobytes(open_page):
    page = open_page()
    wire = Wire(page)
    page.goto(STORY)
    page.wait_for_load_state("networkidle")
    wire.say("Signed out")
    assert 0 < wire.weight("Script") <= SIGNED_OUT
    assert wire.weight("Document") + wire.weight("Stylesheet") + wire.weight("Script") <= 48 * 1024
    assert page.faults == []


def test_the_scripts_of_a_signed_in_reader_who_writes_weigh_at_most_twenty_five_kilobytes(open_page, sign_in):
    page = open_page()
    sign_in(page, "ruth@example.org")
    wire = Wire(page)
    page.goto(STORY)
    expect(page.locator("[data-account]")).not_to_have_text("Account")
    page.get_by_role("link", name="Reply").first.click()
    page.get_by_role("textbox", name="Comment").fill("What **was** the level on Tuesday?")
    if (preview := page.get_by_role("button", name=re.compile("Preview"))).count():
        preview.first.click()
    page.wait_for_load_state("networkidle")
    wire.say("Signed in, writing")
    assert SIGNED_OUT / 2 < wire.weight("Script") <= SIGNED_IN
    assert page.faults == []


def test_what_never_changes_is_sent_compressed_and_kept_for_ever(open_page):
    """Every script and style sheet is named after its bytes; a second look at the story asks for none of them."""
    page = open_page()
    wire = Wire(page)
    page.goto(STORY)
    page.wait_for_load_state("networkidle")
    ours = wire.fetched("Script") + wire.fetched("Stylesheet")
    assert len(ours) > 2
    for found in ours:
        assert re.search(r"\.[0-9a-f]{12}\.(js|css)$", found.address), found.address
        assert "immutable" in found.headers["cache-control"], found.address
        assert found.headers.get("content-encoding") in {"br", "gzip"} or found.body < 250, found.address
