"""Where the links of a framed page lead; scripts go by the same rule."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.http import HttpResponse

from broadsheet.embed.links import address_here, settle
from tests.walking import own_patterns

LINKS_JS = Path(__file__).parent.parent / "static/embed/links.js"


@pytest.mark.parametrize(
    "address, framed",
    [
        ("/comments/12/", "/embed/comments/12/"),
        ("/comments/12/reply/?quote=1", "/embed/comments/12/reply/?quote=1"),
        ("/stories/3/the-bridge/?page=2#comment-9", "/embed/stories/3/?page=2#comment-9"),
        ("/stories/3/the-bridge/#comments", "/embed/stories/3/#comments"),
        ("/stories/3/the-bridge/", None),  # the story itself is read on its own site
        ("/accounts/login/?next=/embed/comments/12/reply/", "/embed/session/?next=%2Fembed%2Fcomments%2F12%2Freply%2F"),
        ("/accounts/login/?next=/me/", "/embed/session/"),
        ("/embed/stories/3/", "/embed/stories/3/"),
        ("/me/comments/#comment-9", "/embed/me/comments/#comment-9"),
        ("/me/", None),
        ("/moderation/", None),
        ("//evil.example/comments/12/", None),
        ("https://evil.example/comments/12/", None),
        ("/comments/12/../../me/", None),
    ],
)
def test_what_a_frame_shows_stays_in_it_and_everything_else_leaves(address, framed):
    assert address_here(address) == framed


def test_links_that_leave_open_in_a_tab_of_their_own_and_what_readers_wrote_is_left_alone():
    page = HttpResponse(
        '<a href="/readers/4/" class="x">Ruth</a><a rel="ugc nofollow noopener" href="https://a.example/?a>b">there</a>'
        '<a href="#comments">up</a><form action="/comments/5/reply/" method="post">'
        '<p>I typed href="/comments/5/" &lt;a href="/comments/5/"&gt;</p>'
        '<reader-tools src="/threads/3/me/"></reader-tools><a href="?a=1&amp;b=2">b</a>'
        '<a href="/stories/3/x/?order=newest&amp;page=2#comments">2</a>'
    )
    settle(page)
    assert page.content.decode() == (
        '<a href="/readers/4/" class="x" rel="noopener" target="_blank">Ruth</a>'
        '<a href="https://a.example/?a>b" rel="nofollow noopener ugc" target="_blank">there</a>'
        '<a href="#comments">up</a><form action="/embed/comments/5/reply/" method="post">'
        '<p>I typed href="/comments/5/" &lt;a href="/comments/5/"&gt;</p>'
        '<reader-tools src="/embed/threads/3/me/"></reader-tools><a href="?a=1&amp;b=2">b</a>'
        '<a href="/embed/stories/3/?order=newest&amp;page=2#comments">2</a>'
    )


def test_scripts_go_by_the_same_rule():
    """Every address of ours, with plain arguments, is framed by both or by neither."""
    found = re.search(r"const FRAMED =\s*/(.+)/;", LINKS_JS.read_text())
    pattern = re.compile(found[1].replace("\\/", "/"))
    met = 0
    for route, _entry in own_patterns():
        address = "/" + re.sub(r"<(?:\w+:)?\w+>", "12", route)
        if address.startswith("/embed/") or re.match(r"/stories/12/(?:12/)?$", address):
            continue
        framed = bool(address_here(address))
        assert bool(pattern.fullmatch(address)) == framed, address
        met += framed
    assert met > 20


NASTY = [
    '<a href="/comments/5/">x</a> <form action=/comments/5/ >',
    'https://a.example/?<a href=\'/me/\'> https://a.example/"onclick="x" https://a.example/&quot;&#34;&lt;a',
    '[x](https://a.example/"><a href="/comments/5/") > <a href="/comments/5/"',
    '\u202e</textarea><comment-thread changes="/threads/1/changes/"> &lt;a href=&quot;/comments/5/&quot;&gt;',
]


@pytest.mark.django_db
@pytest.mark.parametrize("words", NASTY)
def test_what_readers_write_is_the_same_in_a_frame_as_on_the_story_s_page(client, story, reader, make_comment, words):
    """Nothing in a comment or a name comes out of it by the rewriting of links."""
    comment = make_comment(words)
    type(reader).objects.filter(pk=reader.pk).update(name=words[:40])
    ours, framed = (client.get(f"{start}/comments/{comment.pk}/").content.decode() for start in ("", "/embed"))
    article = re.compile(r"<article.*</article>", re.DOTALL)
    told = [_told(article.search(page)[0]) for page in (ours, framed)]
    assert told[0] == told[1] and any("example" in part or "comments/5" in part for part in told[0])


def _told(html):
    """Tags with the names of their attributes, and the letters between them."""
    found = []
    reader = HTMLParser()
    kept = {"href", "action", "src", "changes", "target", "rel"}
    reader.handle_starttag = lambda tag, given: found.append(f"{tag} {sorted({name for name, _ in given} - kept)}")
    reader.handle_data = found.append
    reader.feed(html)
    return found
