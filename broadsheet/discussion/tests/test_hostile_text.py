"""Comments made to break programs or readers: shown as text, capped, or refused; never a fault, never a script."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest

from broadsheet.core import clock, text
from broadsheet.core.refusals import Unacceptable
from broadsheet.discussion.actions import edit_comment, import_comment, post_comment
from broadsheet.discussion.models import Comment

pytestmark = pytest.mark.django_db
SAMPLES = Path(__file__).parents[3].parent / "shared/data/security"
ALLOWED = re.compile(
    r'</?(?:p|br|em|strong|blockquote|ul|ol|li|code)>|</a>|<a href="(?:https?:|mailto:)[^"<>]*" rel="[a-z ]+">'
)


def rows(name):
    path = SAMPLES / name
    if not path.exists():
        return []
    if path.suffix == ".json":
        return [{"id": f"n{number}", "value": value} for number, value in enumerate(json.loads(path.read_text()))]
    return [row for row in map(json.loads, path.read_text().splitlines()) if row.get("field") == "comment_body"]


HOSTILE = [
    row
    for name in ("xss-dompurify", "xss-h5sc", "xss-payloadbox", "xss-fields", "unicode", "naughty-strings")
    for row in rows(f"{name}-sample.{'json' if name.startswith('naughty') else 'jsonl'}")
] + [
    {"id": "own1", "value": "<img src=x onerror=alert(1)>"},
    {"id": "own2", "value": "[x](javascript:alert(1)) ![y](https://a.example/p.png)"},
    {"id": "own3", "value": '<https://a.example/" onclick="alert(1)>'},
]


def only_allowed(html):
    return "<" not in ALLOWED.sub("", html)


@pytest.mark.parametrize("row", HOSTILE, ids=lambda row: row["id"])
def test_nothing_runs_and_nothing_outside_the_allowed_tags_remains(client, reader, thread, story, row):
    try:
        comment = post_comment(author=reader, thread=thread, body=row["value"])
    except Unacceptable:
        return
    edited = edit_comment(author=reader, comment=comment, body=row["value"] + " and more")
    for html in (comment.html, edited.html, edited.public_html):
        assert only_allowed(html), html
    assert client.get(story.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("row", HOSTILE[::7], ids=lambda row: row["id"])
def test_an_import_is_cleaned_like_everything_else(thread, row):
    try:
        comment = import_comment(
            thread=thread, author_name=row["value"][:80], body=row["value"], created_at=clock.now()
        )
    except Unacceptable:
        return
    assert only_allowed(comment.html)


def test_a_name_from_an_import_is_shown_as_text(client, thread, story):
    import_comment(thread=thread, author_name="</b><svg onload=x>", body="Hello.", created_at=clock.now())
    page = client.get(story.get_absolute_url()).content.decode()
    assert "&lt;svg onload=x&gt;" in page and "<svg onload" not in page


def test_text_is_kept_as_written(reader, thread):
    body = '2 > 1 & "fine"\n\n> quoted'
    comment = post_comment(author=reader, thread=thread, body=body)
    assert Comment.objects.get(pk=comment.pk).body == body
    assert "2 &gt; 1 &amp;" in comment.html and "<blockquote>" in comment.html


BOMBS = [("", "[a](", ""), ("", "*a", ""), ("http://", "x.", ""), ("", "\n ", "x"), ("", "> ", "x"), ("", "- ", "x"),
         ("", "[", ""), ("", "`", "a"), ("", "&#", ""), ("", "<a", ">"), ("", "a\u0301", "")]  # fmt: skip


@pytest.mark.parametrize(("prefix", "unit", "suffix"), BOMBS, ids=[unit for _, unit, _ in BOMBS])
def test_no_text_costs_more_than_a_moment(reader, thread, prefix, unit, suffix):
    """Processor time, not the clock on the wall: other programs do not count."""
    for length in (5_000, 60_000):
        body = (prefix + unit * length)[: length - 1] + suffix
        began = time.process_time()
        try:
            post_comment(author=reader, thread=thread, body=body)
        except Unacceptable:
            assert len(body) > 5_000 or not text.shows_anything(text.comment_html(body))
        assert time.process_time() - began < 1
