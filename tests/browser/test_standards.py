"""Every kind of page: silent in axe, valid HTML, no script fault, no sideways scroll at 320 px, light JavaScript."""

from __future__ import annotations

import gzip
import json
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parent.parent.parent
AXE = ROOT / "node_modules/axe-core/axe.min.js"
VNU = ROOT / "node_modules/vnu-jar/build/dist/vnu.jar"

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


def axe_findings(page):
    if not AXE.exists():
        pytest.skip("axe-core is not here (npm ci installs it)")
    page.evaluate(AXE.read_text() + "; undefined")
    found = page.evaluate(
        "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']})"
    )
    return [(rule["id"], [node["html"][:200] for node in rule["nodes"]]) for rule in found["violations"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_public_pages(open_page, scheme):
    page = open_page(color_scheme=scheme)
    findings = {}
    for address in PUBLIC:
        page.goto(address)
        if found := axe_findings(page):
            findings[address] = found
    assert findings == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_signed_in_pages(open_page, sign_in, scheme):
    findings = {}
    for somebody, addresses in {"ruth@example.org": [*READERS, "/stories/1/bridge/"], **DESK}.items():
        page = open_page(color_scheme=scheme)
        sign_in(page, somebody)
        for address in addresses:
            page.goto(address)
            if found := axe_findings(page):
                findings[address] = found
    assert findings == {}


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


@pytest.mark.parametrize("width", [320, 375, 768, 3840])
def test_no_page_scrolls_sideways(open_page, width):
    page = open_page(width=width)
    for address in PUBLIC:
        page.goto(address)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{address} is {wide} px too wide at {width}"


@pytest.mark.parametrize("javascript", [True, False])
def test_no_page_of_a_reader_s_own_or_of_the_desk_scrolls_sideways(open_page, sign_in, javascript):
    """320 px is a small phone, and a screen of 640 px at 200 %."""
    for somebody, addresses in {"ruth@example.org": READERS, **DESK}.items():
        page = open_page(width=320, javascript=javascript)
        sign_in(page, somebody)
        for address in addresses:
            page.goto(address)
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{address} is {wide} px too wide"


def test_pages_raise_no_fault_in_the_browser_and_ask_nobody_else(open_page, newsroom):
    page = open_page()
    strangers = []
    own = (newsroom.url, f"http://127.0.0.1:{newsroom.live_port}", "data:")
    page.on("request", lambda request: None if request.url.startswith(own) else strangers.append(request.url))
    for address in PUBLIC:
        page.goto(address)
    faults = [fault for fault in page.faults if "404" not in fault]
    assert (faults, strangers) == ([], [])


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
