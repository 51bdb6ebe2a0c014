"""Counts for lists of stories, and single comments in stories of other sites."""

from __future__ import annotations

import pytest

from broadsheet.embed.tests.hosts import NEWS
from broadsheet.moderation.actions import decide
from broadsheet.stories.actions import add_outside_story

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sites(settings):
    settings.EMBED_SITES = [NEWS]
    settings.SITE_URL = "http://testserver"


def test_the_counts_of_many_addresses_come_in_one_answer_that_allowed_sites_may_read(
    client, make_story, story, make_comment, django_assert_max_num_queries
):
    make_comment()
    make_comment(status="rejected")
    hidden = make_story(live=False)
    outside = add_outside_story(headline="Elsewhere", home=f"{NEWS}/2026/bridge/", published_at=story.published_at)
    urls = [f"http://testserver{each.get_absolute_url()}" for each in (story, hidden)]
    urls += [f"{NEWS}/2026/bridge/?utm_source=x", f"{NEWS}/unknown/", "nonsense"]
    with django_assert_max_num_queries(3):
        answer = client.get("/embed/counts.json", {"url": urls}, headers={"origin": NEWS})
    assert answer.json() == {"counts": {urls[0]: 1, urls[2]: 0}} and outside.pk
    assert answer.headers["Access-Control-Allow-Origin"] == NEWS and not answer.cookies
    assert "max-age=60" in answer.headers["Cache-Control"]
    other = client.get("/embed/counts.json", {"url": urls}, headers={"origin": "https://other.example"})
    assert "Access-Control-Allow-Origin" not in other.headers and "Origin" in other.headers["Vary"]
    assert client.get("/embed/counts.json", {"url": [f"{NEWS}/{n}" for n in range(101)]}).status_code == 400


def test_an_editor_quotes_a_comment_by_its_address_and_nothing_of_it_is_in_the_answer(client, story, make_comment):
    comment = make_comment("Xquoted words")
    home = f"http://testserver{story.get_absolute_url()}"
    for url in (f"http://testserver/comments/{comment.pk}/", f"{home}#comment-{comment.pk}"):
        answer = client.get("/oembed", {"url": url, "maxwidth": "500"})
        told = answer.json()
        assert (told["version"], told["type"], told["width"]) == ("1.0", "rich", 500)
        assert f'<div data-broadsheet-comment="{comment.pk}">' in told["html"]
        assert "Xquoted" not in answer.content.decode() and "Ruth" not in answer.content.decode()
    own = "http://testserver/comments"
    for url in ("", f"{NEWS}/comments/{comment.pk}/", f"{home}#comment-999999", f"{own}/999999/", "//["):
        assert client.get("/oembed", {"url": url}).status_code == 404, url
    assert client.get("/oembed", {"url": f"{home}#comment-{comment.pk}", "format": "xml"}).status_code == 501


def test_a_quoted_comment_that_is_withheld_is_its_tombstone(client, story, make_comment, moderator):
    comment = make_comment("Xquoted words")
    address = f"/embed/comments/{comment.pk}/quote/"
    before = client.get(address).content.decode()
    assert "Xquoted words" in before and "public" in client.get(address).headers["Cache-Control"]
    assert f'href="/comments/{comment.pk}/" rel="noopener" target="_blank"' in before  # it has no room for a page
    decide(moderator=moderator, comment=comment, seen="published", after="rejected", reason="spam")
    after = client.get(address).content.decode()
    assert "Xquoted" not in after and "removed by an editor" in after
    told = client.get("/oembed", {"url": f"http://testserver/comments/{comment.pk}/"}).json()
    assert told["html"], "the frame says what became of it"


def test_nobody_quotes_what_was_never_public(client, make_story, story, make_comment):
    held = make_comment(status="pending")
    type(held).objects.filter(pk=held.pk).update(published_at=None, place=None)
    assert client.get(f"/embed/comments/{held.pk}/quote/").status_code == 404
    assert client.get("/oembed", {"url": f"http://testserver/comments/{held.pk}/"}).status_code == 404
