"""The project's attack samples, as words and as names, through every importer and onto the page."""

from __future__ import annotations

import json
import unicodedata
from html import escape
from pathlib import Path

import pytest

from broadsheet.core.text import clean_comment_html
from broadsheet.discussion.counts import differences
from broadsheet.discussion.models import Comment
from broadsheet.stories.models import Story
from broadsheet.wire.discussions import own_format
from broadsheet.wire.discussions.coral import write_row
from broadsheet.wire.tests.test_bringing import bring
from tests.test_samples import Dangers

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "data" / "security"
AT = "2014-02-08T18:05:00Z"
HOME = "https://old.example/story"

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not SAMPLES.is_dir(), reason="the attack samples are not beside this checkout"),
]


def samples():
    rows = [json.loads(line) for file in sorted(SAMPLES.glob("*.jsonl")) for line in file.read_text().splitlines()]
    words = [row["value"] for row in rows if isinstance(row.get("value"), str)]
    return [*words, *json.loads((SAMPLES / "naughty-strings-sample.json").read_text())]


def without_controls(text):
    """What XML can hold at all."""
    return "".join(
        letter for letter in text if letter in "\t\n" or (letter >= " " and unicodedata.category(letter) != "Cs")
    )


def xml(text):
    return escape(without_controls(text))


def disqus(words):
    posts = "".join(
        f'<post dsq:id="{place}"><message>{xml(each)}</message><createdAt>{AT}</createdAt>'
        f'<author><name>{xml(each)}</name></author><thread dsq:id="t"/></post>'
        for place, each in enumerate(words)
    )
    thread = f'<thread dsq:id="t"><link>{HOME}</link><title>T</title><createdAt>{AT}</createdAt></thread>'
    return f'<disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals">{thread}{posts}</disqus>'


def wordpress(words):
    comments = "".join(
        f"<wp:comment><wp:comment_id>{place}</wp:comment_id><wp:comment_author>{xml(each)}</wp:comment_author>"
        "<wp:comment_date_gmt>2014-02-08 18:05:00</wp:comment_date_gmt><wp:comment_approved>1</wp:comment_approved>"
        f"<wp:comment_content>{xml(each)}</wp:comment_content></wp:comment>"
        for place, each in enumerate(words)
    )
    body = "".join(f"<p>{each}</p>" for each in words if len(each) < 5000)
    return (
        '<rss xmlns:wp="http://wordpress.org/export/1.2/" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><item>'
        f"<title>{xml(words[0])}</title><link>{HOME}</link><dc:creator>{xml(words[1])}</dc:creator>"
        "<wp:post_id>1</wp:post_id><wp:post_type>post</wp:post_type><wp:status>publish</wp:status>"
        "<wp:post_date_gmt>2014-02-08 18:05:00</wp:post_date_gmt><category domain='category'>Town</category>"
        f"<content:encoded>{xml(body)}</content:encoded>{comments}</item></channel></rss>"
    )


def own(words):
    story = {"address": HOME, "headline": "T", "published_at": AT, "discussion": {"public": True}}
    comments = [
        {
            "id": f"x {place}",
            "story": HOME,
            "author": {"name": each},
            "words": each,
            "written_at": AT,
            "status": "published",
        }
        for place, each in enumerate(words)
    ]
    records = [own_format.opening(), {"story": story}, *({"comment": each} for each in comments)]
    return "".join(json.dumps(each) + "\n" for each in records)


def coral(words):
    sound = [without_controls(each) for each in words]
    return {
        "users.csv": "".join(write_row([place, "", each, "", "", AT]) for place, each in enumerate(sound)),
        "stories.csv": write_row(["s", HOME, "T", "", AT, "", "COMMENTS"]),
        "comments.csv": "".join(
            write_row([f"c{place}", place, "s", AT, each, "", "APPROVED", ""]) for place, each in enumerate(sound)
        ),
    }


@pytest.mark.parametrize("kind", ["disqus", "wordpress", "coral", "discussions"])
def test_nothing_hostile_comes_through_an_importer(kind, tmp_path, client):
    words = samples()
    assert len(words) > 200
    if kind == "coral":
        file = tmp_path
        for name, data in coral(words).items():
            (tmp_path / name).write_text(data, encoding="utf-8")
    else:
        file = tmp_path / "file"
        made = {"disqus": disqus, "wordpress": wordpress, "discussions": own}[kind](words)
        file.write_text(made, encoding="utf-8")
    bring(kind, file, make_stories=True, place="PORTMERE")
    found = Comment.objects.all()
    assert found.count() > 140
    for comment in found:
        assert clean_comment_html(comment.html) == comment.html
    story = Story.objects.get()
    for address in (story.get_absolute_url(), f"{story.get_absolute_url()}?page=2", "/"):
        page = client.get(address).text
        dangers = Dangers()
        dangers.feed(page)
        assert not dangers.found, address
    assert list(differences()) == []
