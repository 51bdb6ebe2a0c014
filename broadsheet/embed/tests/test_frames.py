"""The discussion in a frame: who may hold it, what it shows, and that nothing else may be framed."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from broadsheet.core import clock
from broadsheet.embed.tests.hosts import NEWS, WEEKLY
from broadsheet.stories.addresses import remember

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sites(settings):
    settings.EMBED_SITES = [NEWS, WEEKLY]


def ancestors(answer):
    return re.search(r"frame-ancestors ([^;]*)", answer.headers["Content-Security-Policy"])[1]


def test_framed_pages_name_the_sites_that_may_hold_them_and_every_other_page_names_none(client, story, make_comment):
    comment = make_comment()
    for address in (f"/embed/stories/{story.pk}/", f"/embed/comments/{comment.pk}/", "/embed/session/"):
        answer = client.get(address)
        assert ancestors(answer) == f"{NEWS} {WEEKLY}", address
        assert "X-Frame-Options" not in answer.headers, address
        assert answer.headers["X-Robots-Tag"] == "noindex", address
    elsewhere = (
        "/",
        story.get_absolute_url(),
        f"/comments/{comment.pk}/",
        "/accounts/login/",
        "/embed/sign-in/",
        "/me/",
    )
    for address in (*elsewhere, "/moderation/", f"/embed/open/?url=http://testserver{story.get_absolute_url()}"):
        answer = client.get(address)
        assert answer.headers["X-Frame-Options"] == "DENY", address
        assert ancestors(answer) == "'none'", address


def test_where_no_site_is_named_nothing_can_be_framed(client, story, settings):
    settings.EMBED_SITES = []
    answer = client.get(f"/embed/stories/{story.pk}/")
    assert ancestors(answer) == "'none'" and answer.headers["X-Frame-Options"] == "DENY"


def test_a_frame_shows_the_discussion_of_the_story_s_page_without_masthead_story_and_foot(client, story, make_comment):
    make_comment("The rivets are from 1931.")
    page = client.get(story.get_absolute_url()).content.decode()
    framed = client.get(f"/embed/stories/{story.pk}/").content.decode()
    assert "The rivets are from 1931." in framed and "The council voted on Tuesday" in page
    for part in ("masthead", "colophon", "The council voted on Tuesday"):
        assert part not in framed
    assert f'href="/embed/stories/{story.pk}/comments/new/"' in framed
    assert re.search(r'<a href="/policy/comments/"[^>]* target="_blank"', framed)
    names = re.compile(r'class="([^"]+)"')
    inside = re.compile(r'<section class="discussion".*</section>', re.DOTALL)
    assert names.findall(inside.search(framed)[0]) == names.findall(inside.search(page)[0])


def test_a_frame_costs_the_database_no_more_than_the_story_s_page(
    client, story, make_comment, django_assert_num_queries
):
    for _ in range(5):
        make_comment(parent=make_comment())
    client.get("/")
    with django_assert_num_queries(4):  # versions, the story with its thread, the comments, and legal holds
        client.get(f"/embed/stories/{story.pk}/")


def test_a_frame_is_the_same_bytes_for_everyone_and_carries_no_cookie(client, story, reader, make_comment):
    make_comment()
    before = client.get(f"/embed/stories/{story.pk}/")
    client.force_login(reader)
    after = client.get(f"/embed/stories/{story.pk}/")
    assert before.content == after.content and not after.cookies
    assert "public" in after.headers["Cache-Control"] and f"thread:{story.pk}" in after.headers["Cache-Tag"]


def test_a_withheld_comment_is_its_tombstone_in_every_frame(client, story, make_comment, moderator):
    from broadsheet.moderation.actions import decide

    comment = make_comment("Xwithheld words")
    reply = make_comment("An answer", parent=comment)
    decide(moderator=moderator, comment=comment, seen="published", after="rejected", reason="spam")
    for address in (f"/embed/stories/{story.pk}/", f"/embed/comments/{comment.pk}/", f"/embed/comments/{reply.pk}/"):
        text = client.get(address, follow=True).content.decode()
        assert "Xwithheld" not in text and "removed by an editor" in text, address


def test_a_host_s_page_is_led_to_its_discussion_and_to_a_comment_in_it(client, story, make_comment):
    comment = make_comment()
    home = f"http://testserver{story.get_absolute_url()}?utm_source=mail"
    assert client.get("/embed/at/", {"url": home}).headers["Location"] == f"/embed/stories/{story.pk}/"
    led = client.get("/embed/at/", {"url": home, "comment": comment.pk})
    assert led.headers["Location"] == f"/embed/stories/{story.pk}/#comment-{comment.pk}"
    opened = client.get("/embed/open/", {"url": home})
    assert opened.headers["Location"] == f"{story.get_absolute_url()}#comments"


def test_an_embargoed_story_has_no_frame(client, make_story):
    hidden = make_story("Xembargoed", live=False)
    home = f"http://testserver{hidden.get_absolute_url()}"
    for address in (f"/embed/stories/{hidden.pk}/", f"/embed/at/?url={home}", f"/embed/open/?url={home}"):
        answer = client.get(address)
        assert answer.status_code == 404 and b"Xembargoed" not in answer.content


def test_an_embargoed_story_is_like_one_that_never_was_at_every_address_it_has(client, make_story):
    hidden = make_story(published_at=clock.now() + timedelta(hours=1))
    remember(story=hidden, url="https://old.example/bridge/")
    pairs = [
        (f"http://testserver{hidden.get_absolute_url()}", "http://testserver/stories/999999/never/"),
        ("https://old.example/bridge/", "https://old.example/never/"),
    ]
    for of_it, of_none in pairs:
        for path in ("/embed/at/", "/embed/open/"):
            told, silent = (client.get(path, {"url": url}) for url in (of_it, of_none))
            assert (told.status_code, told.content) == (silent.status_code, silent.content)


def test_the_loader_is_small_names_nothing_global_and_may_be_fetched_by_every_page(client):
    import gzip

    answer = client.get("/embed/loader.js")
    script = answer.content.decode()
    assert answer.headers["Access-Control-Allow-Origin"] == "*" and not answer.cookies
    assert len(gzip.compress(answer.content)) < 4096
    assert not re.search(r"cookie|innerHTML|window\.|globalThis|localStorage", script)
    assert '"The comments could not be shown here. The link above leads to them."' in script


def test_the_two_sets_of_colours_are_the_paper_s_own():
    from pathlib import Path

    package = Path(__file__).parent.parent.parent

    def tokens(text, start):
        block = text[text.index(start) :]
        return re.findall(r"--[a-z-]+: #[0-9a-f]{6}", block[: block.index("}")])

    paper = (package / "stories/static/stories/broadsheet.css").read_text()
    frame = (package / "embed/static/embed/frame.css").read_text()
    assert tokens(frame, '[data-scheme="light"]') == tokens(paper, ":root {")
    assert tokens(frame, '[data-scheme="dark"]') == tokens(paper, "(prefers-color-scheme: dark)")
