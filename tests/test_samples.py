"""The project's attack samples through the write paths that staff use: names of people, and everything on a story.

The samples lie beside a developer's checkout, not in it; each app's own tests carry vectors of the same classes.
"""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest

from broadsheet.accounts.models import Reader
from broadsheet.accounts.names import checked_name, name_key
from broadsheet.core.refusals import Unacceptable
from broadsheet.stories.actions import publish_story
from broadsheet.stories.models import Credit, Person, Story

SAMPLES = Path(__file__).parents[2] / "shared/data/security"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not SAMPLES.is_dir(), reason="the attack samples are not beside this checkout"),
]


def rows(pattern):
    return [
        json.loads(line) for path in sorted(SAMPLES.glob(pattern)) for line in path.read_text().splitlines() if line
    ]


class Dangers(HTMLParser):
    """What on a page would run: scripts that are not our files or data, handlers, script addresses, foreign frames."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        facts = {name: value or "" for name, value in attributes}
        inert = facts.get("type") in {"application/ld+json", "application/json"}
        ours = inert or facts.get("src", "").startswith("/static/")
        if (tag == "script" and not ours) or tag in {"iframe", "object", "embed", "svg", "math", "style", "base"}:
            self.found.append((tag, facts))
        for name, value in facts.items():
            if name.startswith("on") or name == "style" or value.strip().lower().startswith(("javascript:", "data:t")):
                self.found.append((tag, name, value))


def dangers(page):
    reader = Dangers()
    reader.feed(page)
    return reader.found


def test_names_are_refused_and_allowed_as_the_samples_say():
    for row in rows("usernames-sample.jsonl"):
        taken = {name_key(row["taken"])} if row["taken"] else set()
        try:
            allowed = name_key(checked_name(row["candidate"])) not in taken
        except Unacceptable:
            allowed = False
        assert allowed == (row["expect"] == "allow"), row


def test_a_hostile_name_is_refused_or_only_words(client, thread):
    from broadsheet.discussion.actions import import_comment

    hostile = [row["value"] for row in rows("xss-*.jsonl")]
    for value in hostile:
        try:
            name = checked_name(value)
        except Unacceptable:
            continue
        Reader.objects.create_user(f"{len(name)}-{name_key(name)[:9]}@example.org", name)
    for value in hostile[:40]:
        import_comment(thread=thread, author_name=value[:100], body="Words.", created_at=thread.story.published_at)
    assert dangers(client.get(thread.story.get_absolute_url()).content.decode()) == []


def test_a_hostile_story_is_only_words_wherever_it_is_shown(client, make_story):
    values = [row["value"] for row in rows("xss-*.jsonl")]
    values += [value for value in json.loads((SAMPLES / "naughty-strings-sample.json").read_text()) if value.strip()]
    person = Person.objects.create(name=values[0][:100], slug="somebody", biography=values[1])
    for start in range(0, len(values) - 6, 6):
        headline, standfirst, caption, creator, body, slugline = values[start : start + 6]
        story = make_story(live=False, body=[("paragraph", f"<p>{body}</p>"), ("subhead", body[:80])])
        story.headline, story.standfirst, story.slugline = f"H {headline[:150]}", standfirst[:400], slugline[:50]
        story.lead_caption, story.lead_creator, story.lead_credit = caption[:400], creator[:90], creator[:90]
        story.credits.add(Credit(person=person, sort_order=0))
        story.save()
        try:
            publish_story(story=story)
        except Unacceptable:
            continue
        page = client.get(story.get_absolute_url()).content.decode()
        assert dangers(page) == [], values[start : start + 6]
    assert Story.objects.filter(live=True).count() > 20
    for address in ("/", "/sections/town/", "/authors/somebody/", "/about/", "/search/?q=H"):
        assert dangers(client.get(address).content.decode()) == [], address
