"""Turns WordPress's posts into stories: published where nothing is missing and readers could read them there."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from urllib.parse import unquote

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from broadsheet.core import clock
from broadsheet.core.refusals import Refused, Unacceptable
from broadsheet.core.text import foreign_html, is_blank, plain, readable
from broadsheet.stories.actions import publish_story
from broadsheet.stories.addresses import remember
from broadsheet.stories.models import Credit, Story, Topic
from broadsheet.stories.rules import missing_for_publication
from broadsheet.wire.body_parts import parts_of
from broadsheet.wire.by_name import person_named, section_named, topic_named, within
from broadsheet.wire.discussions.found import FoundPage, FoundStory
from broadsheet.wire.discussions.report import Brought
from broadsheet.wire.markup import with_breaks

MOST_TOPICS = 30  # to a story; a tag cloud is not what it is about
_PICTURES = re.compile(r"\[(caption|gallery)\b[^\]]*\](?:.*?\[/\1\])?", re.DOTALL)
# A picture with its caption; the words under one that is not fetched are no paragraph of the story.
_FIGURES = re.compile(r"<figure\b(?:(?!</?figure\b).)*<img\b(?:(?!</?figure\b).)*</figure>", re.DOTALL | re.IGNORECASE)
_SHORTCODES = re.compile(r"\[/?(?:embed|audio|video|playlist|wp_caption)\b[^\]]*\]")


def story_key(source: str, number: str) -> str:
    """What tells this story of theirs from every other."""
    return hashlib.sha256(f"{source}\n{number}".encode()).hexdigest()


def standing_story(source: str, found: FoundStory) -> Story | None:
    """The story that an earlier import has made of this one."""
    story: Story | None = Story.objects.filter(source_key=story_key(source, found.id)).first()
    return story


def make_story(
    *, found: FoundStory, page: FoundPage, source: str, section: str, place: str, brought: Brought
) -> Story | None:
    """The story in the file, with its old address; None where it cannot be made. What is hidden there is a draft."""
    try:
        with transaction.atomic():
            story, lacks = _make(found, page, source, section, place, brought)
    except Refused as refusal:
        brought.stories["refused"] += 1
        brought.note(f"{named(found)} was not made a story: {refusal.sentence}")
        return None
    if lacks:
        brought.stories["made as drafts"] += 1
        brought.note(f"{named(found)} is a draft: {lacks}.")
    else:
        brought.stories["made"] += 1
    if found.address:
        try:
            remember(story=story, url=found.address)
        except Unacceptable as refusal:
            brought.note(f"{named(found)} is not found by its old address. {refusal.sentence}")
    return story


def named(found: FoundStory) -> str:
    """The post in the report: its headline, and its number there, by which it is found where it has none."""
    return f"“{found.headline[:80]}” ({found.id})"


def would_lack(found: FoundStory, page: FoundPage, section: str, place: str, brought: Brought) -> str:
    """For a dry run: what would keep a post from readers, as far as that can be told without making it."""
    body = _body(page, brought)
    if page.why_not:
        return page.why_not
    missing = {
        _("It has no headline."): found.headline,
        _("It has no section."): section or page.categories,
        _("Its dateline has no place: say where it was filed."): place,
        _("Nobody is credited: name who reported, wrote or photographed it."): page.author,
        _("Its body is empty."): body,
    }
    return " ".join(sentence for sentence, value in missing.items() if not value).rstrip(".")


def _body(page: FoundPage, brought: Brought) -> list[tuple[str, object]]:
    """The desk's parts, without pictures, which are counted."""
    body, pictures = body_of(page.html)
    if pictures:
        brought.lost["pictures in the bodies of stories, which are not fetched"] += pictures
    return body


def body_of(html: str) -> tuple[list[tuple[str, object]], int]:
    """Its body as the desk keeps it, and how many pictures are left out of it."""
    html, left_out = _PICTURES.subn("", html)
    html = _SHORTCODES.sub("", html)
    parts = parts_of(html if re.search(r"<p\b", html, re.IGNORECASE) else with_breaks(html))
    body = [part.as_block() for part in parts if part.kind != "picture"]
    return body, left_out + len(parts) - len(body)


def _make(
    found: FoundStory, page: FoundPage, source: str, section: str, place: str, brought: Brought
) -> tuple[Story, str]:
    """The story, and what keeps it from readers."""
    body = _body(page, brought)
    story = Story(
        headline=readable(
            within(found.headline, 200) or _("Without a headline"), most=200, what=_("Headline"), lines=False
        ),
        standfirst=readable(within(plain(foreign_html(page.standfirst)), 500), most=500, what=_("Standfirst")),
        slug=slugify(unquote(page.slug))[:120].strip("-"),
        place=readable(place, most=120, what=_("Place in the dateline"), lines=False),
        published_at=found.published_at,
        source_key=story_key(source, found.id),
        body=body,
    )
    nameless = [_("It has no headline.")] if is_blank(found.headline) else []  # what stands there is ours
    name = section or next(iter(page.categories), "")
    if name:
        story.section = section_named(within(name, 60))[0]
    if not is_blank(page.author):
        credited = person_named(readable(within(page.author, 120), most=120, what=_("Name"), lines=False))
        story.credits.add(Credit(role=Credit.Role.WRITING, person=credited, sort_order=0))
    story.topics.set(_topics(each for each in (*page.categories, *page.tags) if each != name))
    lacks = page.why_not or " ".join([*nameless, *missing_for_publication(story)]).rstrip(".")
    is_embargoed = story.published_at is None or story.published_at > clock.now()
    if not lacks and is_embargoed:
        lacks = "its moment of publication has not come"
    if not lacks:
        return publish_story(story=story, at=found.published_at), ""
    story.fill_slug()
    story.live = False
    story.save()
    story.save_revision()
    return story, lacks


def _topics(names: Iterable[str]) -> list[Topic]:
    topics = [topic_named(within(each, 80)) for each in dict.fromkeys(names) if not is_blank(each)]
    return list({topic.pk: topic for topic in topics}.values())[:MOST_TOPICS]
