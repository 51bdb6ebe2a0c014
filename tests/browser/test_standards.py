"""Every kind of page: silent in axe, valid HTML, no script fault, no sideways scroll at 320 px, light JavaScript."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.browser.conftest import let_in, new_page

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parent.parent.parent
AXE = ROOT / "node_modules/axe-core/axe.min.js"
VNU = ROOT / "node_modules/vnu-jar/build/dist/vnu.jar"
QUICKLY = ["-Xss2m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]  # it is over before better code would pay

PUBLIC = [
    "/",
    "/sections/town/",
    "/topics/bridges/",
    "/authors/una-umber/",
    "/features/",
    "/search/",
    "/search/?q=bridge",
    "/search/?q=nothingofthekind",
    "/policy/comments/",
    "/policy/scorer/",
    "/about/",
    "/stories/1/bridge/",
    "/stories/2/library/",
    "/stories/3/fair/",
    "/stories/4/flood/?page=2",
    "/stories/4/flood/?order=newest",
    "/stories/5/ask/",
    "/stories/6/rate/",
    "/comments/1/",
    "/comments/1/report/",
    "/comments/1/notice/",
    "/notices/new/",
    "/transparency/",
    "/readers/1/",
    "/stories/999999/nowhere/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/login/code/",
    "/embed/stories/1/",
    "/embed/comments/1/",
    "/embed/comments/1/quote/",
    "/embed/comments/1/report/",
    "/embed/session/",
]
READERS = [
    "/stories/1/comments/new/",
    "/stories/6/comments/new/",
    "/comments/1/reply/",
    "/comments/1/edit/",
    "/comments/1/withdraw/",
    "/comments/1/history/",
    "/me/comments/",
    "/me/",
    "/me/profile/",
    "/me/data/",
    "/me/delete/",
    "/me/reports/",
    "/me/standing/",
    "/me/statements/",
    "/me/corrections/",
    "/me/notifications/",
    "/me/notifications/settings/",
    "/accounts/methods/",
    "/accounts/name/",
    "/accounts/sessions/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/second-factor/app/",
]
MODERATORS = [
    "/moderation/",
    "/moderation/comments/1/",
    "/moderation/discussions/",
    "/moderation/discussions/5/",
    "/moderation/discussions/5/comments/",
    "/moderation/comments/1/correction/",
    "/moderation/comments/1/lead/",
    "/moderation/mine/",
    "/moderation/asked/",
    "/moderation/views/",
    "/moderation/decisions/",
    "/moderation/preferences/",
    "/moderation/people/",
    "/moderation/people/1/",
    "/moderation/people/1/sanction/?kind=ban",
    "/moderation/hours/",
    "/moderation/legal/",
    "/moderation/legal/holds/",
    "/moderation/legal/holds/new/?comment=1",
    "/moderation/rules/",
    "/moderation/rules/try/",
    "/moderation/rules/lists/",
    "/moderation/overview/",
    "/moderation/blind/",
    "/moderation/mail/",
]
EDITORS = [
    "/moderation/texts/",
    "/moderation/audit/",
    "/moderation/people/3/",
    "/moderation/hours/newsroom/",
    "/moderation/legal/flaggers/",
    "/moderation/legal/orders/",
    "/moderation/legal/holds/new/?story=1",
    "/moderation/rules/new/?kind=phrases",
    "/moderation/rules/new/?kind=outside",
    "/moderation/rules/lists/new/",
    "/moderation/webhooks/",
    "/moderation/webhooks/new/",
    "/moderation/corrections/",
    "/moderation/leads/",
]
DESK = {"mona@example.org": MODERATORS, "edna@example.org": EDITORS}


EVERYTHING = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]


def axe_findings(page, rules=None):
    """What axe finds on a page: of every rule, or of those named."""
    if not AXE.exists():
        pytest.skip("axe-core is not here (npm ci installs it)")
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE.read_text() + "; undefined")
    found = page.evaluate(
        "asked => axe.run(document, {resultTypes: ['violations'], runOnly: asked})",
        {"type": "rule", "values": rules} if rules else {"type": "tag", "values": EVERYTHING},
    )
    return [(rule["id"], [node["html"][:200] for node in rule["nodes"]]) for rule in found["violations"]]


def bring_axe(page):
    """Have axe on every page that is opened from now on: sent page by page, it took Chromium as long as looking did."""
    if AXE.exists():
        page.add_init_script(path=AXE)


class Seen:
    """What a visit to a page has shown."""

    def __init__(self, page, address, widths):
        page.goto(address)
        self.findings = axe_findings(page) if AXE.exists() else None
        page.emulate_media(color_scheme="dark")  # which changes colours and nothing else: see below
        self.in_the_dark = axe_findings(page, COLOURS) if AXE.exists() else None
        page.emulate_media(color_scheme="light")
        size = page.viewport_size
        self.too_wide = {}
        for width in widths:
            page.set_viewport_size({"width": width, "height": 900})
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if wide > 0:
                self.too_wide[width] = wide
        page.set_viewport_size(size)


PHONE = [320]
WIDTHS = [*PHONE, 375, 768, 3840]
PEOPLE = {None: PUBLIC, "ruth@example.org": [*READERS, "/stories/1/bridge/"], **DESK}


@pytest.fixture(scope="module")
def visits(chromium, newsroom):
    """Every kind of page as those see it who may: each is opened once, and looked at in every way."""
    seen, faults, strangers = {}, [], []
    own = (newsroom.url, f"http://127.0.0.1:{newsroom.live_port}", "data:")
    for somebody, addresses in PEOPLE.items():
        page = new_page(chromium, newsroom, color_scheme="light")
        bring_axe(page)
        if somebody:
            let_in(newsroom, page, somebody)
        page.on("request", lambda request: None if request.url.startswith(own) else strangers.append(request.url))
        for address in addresses:
            seen[somebody, address] = Seen(page, address, WIDTHS if somebody is None else PHONE)
        faults += [fault for fault in page.faults if "404" not in fault]
        page.context.close()
    return seen, faults, strangers


def needs_axe(visits):
    if not AXE.exists():
        pytest.skip("axe-core is not here (npm ci installs it)")
    return visits[0]


def test_axe_finds_nothing(visits):
    assert {where: seen.findings for where, seen in needs_axe(visits).items() if seen.findings} == {}


def test_axe_finds_nothing_in_the_dark(visits):
    assert {where: seen.in_the_dark for where, seen in needs_axe(visits).items() if seen.in_the_dark} == {}


def test_the_dark_changes_colours_and_nothing_else():
    """So that of axe's rules only those about colours need to look a second time."""
    css = "".join(path.read_text() for path in sorted((ROOT / "broadsheet").rglob("static/**/*.css")))
    blocks = re.findall(r"prefers-color-scheme: dark\) \{((?:[^{}]*\{[^{}]*\})*)", css)
    declared = [each for block in blocks for each in re.findall(r"([-\w]+): *([^;{}]+)", block)]
    assert len(blocks) == css.count("prefers-color-scheme") and len(declared) > 10
    assert [each for each in declared if not re.fullmatch(r"#[0-9a-f]{3,8}", each[1])] == []


def test_no_page_scrolls_sideways(visits):
    """320 px is a small phone, and a screen of 640 px at 200 %."""
    assert {where: seen.too_wide for where, seen in visits[0].items() if seen.too_wide} == {}


def test_pages_raise_no_fault_in_the_browser_and_ask_nobody_else(visits):
    _, faults, strangers = visits
    assert (faults, strangers) == ([], [])


def test_a_picture_by_itself_and_what_machines_read_raise_no_fault_either(open_page, newsroom):
    pictures = Path(newsroom.environment["BROADSHEET_DATA_DIR"], "media/pictures")
    pictures.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "broadsheet/stories/tests/pictures/good.png", pictures)
    page = open_page()
    for address in ("/media/pictures/good.png", "/feed/", "/sitemap.xml", "/sitemaps/0.xml", "/robots.txt"):
        assert page.goto(address).ok and page.faults == [], address


def test_the_html_checker_finds_nothing(open_page, sign_in, tmp_path):
    if not VNU.exists() or subprocess.run(["java", "-version"], capture_output=True).returncode:
        pytest.skip("the HTML checker (vnu-jar) or Java is not here")
    names = {}
    for somebody, addresses in {"ruth@example.org": [*PUBLIC, *READERS], **DESK}.items():
        page = open_page()
        sign_in(page, somebody)
        for address in addresses:
            answer = page.request.get(address)
            assert answer.status != 404 or "999999" in address, address
            file = tmp_path / f"{len(names)}.html"
            file.write_bytes(answer.body())
            names[file.name] = address
    done = subprocess.run(
        [
            "java",
            *QUICKLY,
            "-jar",
            str(VNU),
            "--stdout",
            "--exit-zero-always",
            "--format",
            "json",
            *map(str, tmp_path.glob("*.html")),
        ],
        capture_output=True,
        text=True,
    )
    messages = json.loads(done.stdout)["messages"]
    assert [(names[Path(m["url"]).name], m["message"], m.get("extract")) for m in messages] == []


def test_no_page_of_a_reader_s_own_or_of_the_desk_scrolls_sideways_without_a_script(open_page, sign_in):
    for somebody, addresses in {"ruth@example.org": READERS, **DESK}.items():
        page = open_page(width=320, javascript=False)
        sign_in(page, somebody)
        for address in addresses:
            page.goto(address)
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{address} is {wide} px too wide"


def test_a_signed_out_reader_downloads_little(open_page, newsroom):
    """A story with a page of comments under 60 kB compressed without pictures; its JavaScript at most 12 kB of that."""
    page = open_page()
    answers = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto("/stories/4/flood/")
    page.wait_for_load_state("networkidle")
    weights = {"script": 0, "document": 0, "stylesheet": 0, "font": 0}
    for answer in answers:
        kind = answer.request.resource_type
        if kind in weights and answer.url.startswith(newsroom.url):
            body = answer.body()
            weights[kind] += len(body) if kind == "font" else len(gzip.compress(body, 9))
    assert 0 < weights["script"] <= 12_000, weights
    assert weights["font"] > 0 and sum(weights.values()) <= 60_000, weights


def test_nothing_moves_while_a_story_loads(open_page):
    page = open_page(width=390, height=844)
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver(list => { for (const entry of list.getEntries()) "
        "window.shift += entry.value; }).observe({type: 'layout-shift', buffered: true});"
    )
    page.goto("/stories/1/bridge/")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.shift") < 0.02
