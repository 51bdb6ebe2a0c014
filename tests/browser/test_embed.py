"""Discussions in the pages of another site: two sites on this machine, as browsers tell sites apart."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from broadsheet.embed.tests.hosts import SNIPPET, Host, page
from tests.browser.conftest import free_port
from tests.browser.test_discussion import MADE, SAID
from tests.browser.test_publisher import be_the_publisher

pytestmark = pytest.mark.browser

DECIDED = """
from broadsheet.accounts.models import Reader
from broadsheet.discussion.models import Comment
from broadsheet.moderation.actions import decide

comment = Comment.objects.get(body={body!r})
mona = Reader.objects.get(email="mona@example.org")
decide(moderator=mona, comment=comment, seen="published", after="rejected", reason="spam")
"""
HEARD = """<script type="module">
window.heard = [];
for (const kind of ["ready", "count", "posted"]) {
  addEventListener(`broadsheet:${kind}`, (event) => window.heard.push([kind, event.detail.count ?? null]));
}
</script>"""
STRICT = {"Content-Security-Policy": "default-src 'none'; script-src {site}; frame-src {site}; connect-src {site}"}


@pytest.fixture
def story(newsroom):
    return newsroom.run(MADE)


@pytest.fixture
def host(newsroom):
    """The site that may hold our discussions."""
    found = Host(newsroom.host_port, "localhost")
    yield found
    found.close()


def holding(newsroom, story, head=HEARD):
    """A page of the host's with the discussion of a story of ours."""
    told = f'data-url="{newsroom.url}/stories/{story}/tram/"'
    return page(head, f"<h1>Elsewhere</h1>{SNIPPET.format(site=newsroom.url, told=told)}")


def frame_of(looked_at):
    return looked_at.frame_locator("iframe[title=Comments]")


def sign_in(here, email):
    """In the window that the frame opens; gives back when it has closed by itself."""
    with here.expect_popup() as opened:
        frame_of(here).get_by_role("link", name="Sign in", exact=True).click()
    window = opened.value
    with window.expect_event("close"):
        window.get_by_label("E-mail").first.fill(email)
        window.locator("input[type=password]").fill("a long enough pass phrase")
        window.locator("main form button[type=submit], main form button:not([type])").first.click()


def test_a_reader_signs_in_by_the_pop_up_and_what_they_write_is_everywhere_at_once_and_gone_when_it_is_withheld(
    newsroom, open_page, host, story
):
    host.pages["/tram/"] = holding(newsroom, story)
    ours, other, here = open_page(), open_page(), open_page()
    ours.goto(f"/stories/{story}/tram/")
    for looked_at in (other, here):
        looked_at.goto(f"{host.url}/tram/")
    framed = frame_of(here)
    expect(framed.get_by_role("heading", name="Comments (0)")).to_be_visible()
    expect(here.get_by_role("link", name="Comments", exact=True)).to_have_count(0)  # the frame took the link's place
    expect(frame_of(other).get_by_text("Yours could be the first")).to_be_visible()

    sign_in(here, "ned@example.org")
    expect(framed.get_by_role("link", name="Ned Newcomer")).to_be_visible()

    framed.get_by_role("link", name="Write a comment").click()
    framed.get_by_role("textbox", name="Comment").fill("The tram will wake us at five.")
    framed.get_by_role("button", name="Post comment").click()
    expect(framed.get_by_text("The tram will wake us at five.")).to_be_visible()
    expect(framed.get_by_role("heading", name="Comments (1)")).to_be_visible()
    here.wait_for_function("window.heard.some(([kind, count]) => kind === 'count' && count === 1)")
    heard = here.evaluate("window.heard")
    assert ["ready", 0] in heard and ["posted", None] in heard and "tram" not in str(heard)
    framed.locator("h2").first.click()
    here.keyboard.press("j")  # the keys to read by need no store, which this browser gives no frame
    expect(framed.locator("article.comment")).to_be_focused()
    framed.locator("html").evaluate(
        "(page) => { navigator.share = async ({ url }) => void (page.dataset.shared = url); }"
    )
    framed.get_by_role("link", name="Share").click()
    expect(framed.locator("html")).to_have_attribute("data-shared", re.compile(rf"^{host.url}/tram/#comment-\d+$"))
    for page_of_theirs in (ours, frame_of(other)):
        page_of_theirs.get_by_role("button", name="1 new comment").click()
        expect(page_of_theirs.get_by_text("The tram will wake us at five.")).to_be_visible()

    newsroom.run(DECIDED.format(body="The tram will wake us at five."))
    for page_of_theirs in (framed, ours, frame_of(other)):
        expect(page_of_theirs.get_by_text("This comment was removed by an editor.")).to_be_visible()
        expect(page_of_theirs.get_by_text("The tram will wake us at five.")).to_have_count(0)
    assert here.faults == other.faults == ours.faults == []


def test_a_publisher_s_reader_signs_in_to_a_frame_by_one_button_in_the_pop_up(newsroom, open_page, host, story):
    """On their way they leave for a site of the publisher's and come back by a form of its; the frame still waits."""
    host.pages["/tram/"] = holding(newsroom, story)
    here = open_page()
    be_the_publisher(here.context, newsroom, at_once=True, sub="e-1", name="Frieda Frame")
    here.goto(f"{host.url}/tram/")
    with here.expect_popup() as opened:
        frame_of(here).get_by_role("link", name="Sign in", exact=True).click()
    with opened.value.expect_event("close"):
        opened.value.get_by_role("button", name="Sign in with The News").click()
    expect(frame_of(here).get_by_role("link", name="Frieda Frame")).to_be_visible()


def test_the_host_s_own_script_can_do_nothing_in_the_reader_s_name(newsroom, open_page, host, story):
    host.pages["/tram/"] = holding(newsroom, story)
    here = open_page()
    here.goto(f"{host.url}/tram/")
    sign_in(here, "ruth@example.org")
    expect(frame_of(here).get_by_role("link", name="Ruth Reader")).to_be_visible()
    done = here.evaluate(
        """async ([site, story]) => {
          const body = new URLSearchParams({ body: "Not by Ruth.", key: "stolen" });
          const options = { method: "POST", mode: "no-cors", credentials: "include", body };
          await fetch(`${site}/embed/stories/${story}/comments/new/`, options);
          const own = fetch(`${site}/embed/threads/${story}/me/`, { credentials: "include" });
          return own.then(() => false, () => true);
        }""",
        [newsroom.url, story],
    )
    assert done is True, "what is the reader's own cannot be read"
    made = "import json\nfrom broadsheet.discussion.models import Comment\n"
    assert newsroom.run(f"{made}print(json.dumps(Comment.objects.filter(body__startswith='Not by').count()))") == 0


def test_a_site_that_is_not_allowed_keeps_its_link_and_says_so_inside_a_frame_of_an_allowed_one_too(
    newsroom, open_page, host, story
):
    host.pages["/tram/"] = holding(newsroom, story)
    host.pages["/within/"] = page("", '<iframe src="/tram/" title="within" width="900" height="600"></iframe>')
    stranger = Host(free_port(), "localhost")
    try:
        stranger.pages["/tram/"] = host.pages["/tram/"]
        stranger.pages["/around/"] = page("", f'<iframe src="{host.url}/tram/" title="within"></iframe>')
        here = open_page()
        here.clock.install()
        for address, place in (
            (f"{stranger.url}/tram/", here),
            (f"{stranger.url}/around/", here.frame_locator("iframe")),
        ):
            here.goto(address)
            expect(place.locator("iframe[title=Comments]")).to_be_attached()
            here.wait_for_load_state()
            here.clock.run_for(10_000)
            expect(place.get_by_text("could not be shown here")).to_be_visible()
            expect(place.get_by_role("link", name="Comments")).to_be_visible()
            expect(place.locator("iframe[title=Comments]")).to_have_css("visibility", "hidden")
        here.goto(f"{host.url}/within/")
        within = here.frame_locator("iframe[title=within]").frame_locator("iframe[title=Comments]")
        expect(within.get_by_role("heading", name="Comments (0)")).to_be_visible()
    finally:
        stranger.close()


def test_without_javascript_the_host_s_link_leads_to_the_discussion(newsroom, open_page, host, story):
    told = f'<a href="{newsroom.url}/embed/open/?url={newsroom.url}/stories/{story}/tram/">Read and write comments</a>'
    host.pages["/tram/"] = page("", f"<div data-broadsheet-discussion>{told}</div>")
    here = open_page(javascript=False)
    here.goto(f"{host.url}/tram/")
    here.get_by_role("link", name="Read and write comments").click()
    here.wait_for_url(re.compile(rf"{newsroom.url}/stories/{story}/tram/#comments$"))
    expect(here.get_by_role("heading", name="Comments (0)")).to_be_visible()


def test_the_keyboard_goes_through_the_frame_and_a_permalink_leads_into_it_under_a_strict_policy(
    newsroom, open_page, host, story
):
    for number in range(12):
        last = newsroom.run(SAID.format(who="ruth", story=story, body=f"Stop {number} is too near.", parent=0))
    strict = {name: value.format(site=newsroom.url) for name, value in STRICT.items()}
    host.pages["/tram/"] = (200, strict, holding(newsroom, story, head=""))
    coloured = host.pages["/tram/"][2].replace("data-url", 'data-scheme="light" data-accent="{}" data-url')
    host.pages["/green/"] = (200, strict, coloured.format("#1f5533"))
    host.pages["/yellow/"] = (200, strict, coloured.format("#ffff00"))
    here = open_page(height=500)
    here.goto(f"{host.url}/tram/#comment-{last}")
    framed = frame_of(here)
    comment = framed.locator(f"#comment-{last}")
    expect(comment).to_be_in_viewport()
    for path, accent in (("/green/", "#1f5533"), ("/yellow/", "")):  # yellow on white is nothing to read
        coloured_page = open_page(color_scheme="dark")
        coloured_page.goto(host.url + path)
        expect(frame_of(coloured_page).locator("html")).to_have_attribute("data-scheme", "light")
        expect(frame_of(coloured_page).get_by_role("heading", name="Comments (12)")).to_be_visible()
        own = "(page) => page.style.getPropertyValue('--accent')"
        assert frame_of(coloured_page).locator("html").evaluate(own) == accent
    here.goto("about:blank")
    here.goto(f"{host.url}/tram/")
    expect(framed.get_by_role("heading", name="Comments (12)")).to_be_visible()
    here.keyboard.press("Tab")
    here.keyboard.press("Tab")
    for _step in range(3):
        if framed.get_by_role("link", name="Sign in", exact=True).evaluate("(link) => link === document.activeElement"):
            break
        here.keyboard.press("Tab")
    expect(framed.get_by_role("link", name="Sign in", exact=True)).to_be_focused()
    framed.get_by_role("link", name="Reply", exact=True).first.focus()
    here.keyboard.press("Enter")  # signed out: the page to sign in is in the frame, too
    expect(framed.get_by_role("heading", name="Please sign in")).to_be_visible()
    framed.get_by_role("link", name="All comments on this story").or_(
        framed.get_by_role("link", name="Sign in")
    ).first.focus()
    assert here.faults == []


def test_who_reads_in_the_middle_of_a_long_frame_sees_that_there_are_new_comments(newsroom, open_page, host, story):
    """A frame is as high as its page, so that what stays in view there would stay at its end."""
    for number in range(12):
        newsroom.run(SAID.format(who="ruth", story=story, body=f"Stop {number} is too near.", parent=0))
    host.pages["/tram/"] = holding(newsroom, story)
    here = open_page(width=390, height=500)
    here.goto(f"{host.url}/tram/")
    fifth = frame_of(here).get_by_text("Stop 5 is too near.")
    fifth.scroll_into_view_if_needed()
    newsroom.run(SAID.format(who="ned", story=story, body="There is a new one.", parent=0))
    button = frame_of(here).get_by_role("button", name="1 new comment")
    expect(button).to_be_in_viewport(ratio=1)
    here.evaluate("scrollBy(0, -300)")
    expect(button).to_be_in_viewport(ratio=1)
    expect(fifth).not_to_be_in_viewport()
    button.click()
    expect(frame_of(here).get_by_text("There is a new one.")).to_be_in_viewport()
    assert here.faults == []


def test_a_story_that_stands_on_the_other_site_gets_its_discussion_while_its_first_reader_waits(
    newsroom, open_page, host
):
    head = '<title>The ferry sails again</title><meta property="article:published_time" content="2026-11-29T08:00:00Z">'
    host.pages["/ferry/"] = page(head, site=newsroom.url)
    counts = '<h2><b data-broadsheet-count="/unknown/">no</b> comments known</h2>'
    counts += '<p><b data-broadsheet-count="/ferry/?utm_source=list">some</b> comments</p>'
    host.pages["/list/"] = page("", f'{counts}<script type="module" src="{newsroom.url}/embed/counts.js"></script>')
    here = open_page()
    here.goto(f"{host.url}/ferry/")
    expect(frame_of(here).get_by_role("heading", name="Comments (0)")).to_be_visible()
    here.goto(f"{host.url}/list/")
    expect(here.locator("p")).to_have_text("0 comments")
    expect(here.locator("h2")).to_have_text("no comments known")
    found = "import json\nfrom broadsheet.stories.addresses import story_at\n"
    assert newsroom.run(f"{found}print(json.dumps(story_at('{host.url}/ferry/').headline))") == "The ferry sails again"
