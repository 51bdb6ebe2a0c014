"""The story desk's form in a browser, where styles decide what an editor can see."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.test_standards import COLOURS, ROOT, axe_findings

pytestmark = pytest.mark.browser

TOPICS = """
from broadsheet.stories.models import Topic
for number in range(60):
    Topic.objects.get_or_create(slug=f"topic-{number}", defaults={"name": f"Topic {number} of the county council"})
"""
PICTURE = """
import json
from broadsheet.stories.pictures import add_picture

with open("{file}", "rb") as file:
    print(json.dumps(add_picture(file=file, title="Skier").pk))
"""


@pytest.mark.parametrize("width", [1280, 390])
def test_all_topics_are_reached_by_scrolling_down(open_page, newsroom, sign_in, width):
    newsroom.run(TOPICS)
    desk = open_page(width=width)
    sign_in(desk, "edna@example.org")
    desk.goto("/desk/stories/add/")
    box = desk.locator("#id_topics")
    assert box.evaluate("box => box.scrollWidth <= box.clientWidth && box.scrollHeight > box.clientHeight")
    outside = """box => {
        const {left, right} = box.getBoundingClientRect();
        const edges = [...box.querySelectorAll("label")].map((label) => label.getBoundingClientRect());
        return edges.filter((edge) => edge.left < left || edge.right > right).length;
    }"""
    assert box.evaluate(outside) == 0
    last = desk.get_by_label("Topic 59 of the county council")
    last.check()
    assert last.is_checked()


def test_a_picture_s_page_at_the_desk_raises_no_fault(open_page, newsroom, sign_in):
    number = newsroom.run(PICTURE.format(file=ROOT / "broadsheet/stories/tests/pictures/full.jpg"))
    desk = open_page()
    sign_in(desk, "edna@example.org")
    desk.goto(f"/desk/images/{number}/")
    expect(desk.locator(".jcrop-holder").first).to_be_visible()
    assert desk.faults == []


PASTED = """<meta name="Generator" content="Microsoft Word 15">
<h2>What the council said<o:p></o:p></h2><p class="MsoNormal">It <b>met</b> on Monday.<o:p></o:p></p>
<p class="MsoListParagraph" style="mso-list:l0 level1 lfo1"><span style="mso-list:Ignore">·<span>&nbsp; </span></span
>A new weir<o:p></o:p></p>
<ol><li><p>In May</p></li></ol>"""


def test_subheads_and_lists_of_a_word_processor_stay_when_pasted(open_page, sign_in):
    desk = open_page()
    sign_in(desk, "edna@example.org")
    desk.goto("/desk/stories/add/")
    desk.locator("[data-contentpath=body] .c-sf-add-button").first.click()
    desk.get_by_role("option", name="Paragraph").first.click()
    text = desk.locator("[data-contentpath=body] [contenteditable=true]").last
    text.click()
    text.evaluate(
        """(text, html) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/html", html);
            text.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true}));
        }""",
        PASTED,
    )
    expect(text.locator("h2")).to_have_text("What the council said")
    expect(text.locator("ul > li")).to_have_text("A new weir")
    expect(text.locator("ol > li")).to_have_text("In May")


def test_print_invites_nobody_to_comment(open_page):
    page = open_page()
    page.goto("/stories/2/library/")
    invitations = page.locator(".to-comments, .comments-none")
    assert [invitations.nth(n).is_visible() for n in range(invitations.count())] == [True, True]
    page.emulate_media(media="print")
    assert not any(invitations.nth(n).is_visible() for n in range(invitations.count()))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_papers_colours_can_be_read_and_its_first_page_fits_a_phone(open_page, sign_in, scheme):
    desk = open_page(width=320, color_scheme=scheme)
    sign_in(desk, "edna@example.org")
    for address in ("/desk/stories/", "/desk/stories/add/", "/desk/"):
        desk.goto(address)
        assert axe_findings(desk, COLOURS) == [], address
    assert desk.locator("#desk-search").bounding_box()["width"] < 320 - 2 * 16
