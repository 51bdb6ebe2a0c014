"""Turns items of somebody else's wire into stories: drafts at the desk, or what may be published at once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.html import escape
from django.utils.translation import gettext as _

from broadsheet.core import clock
from broadsheet.core.refusals import Stale, Unacceptable
from broadsheet.core.text import is_blank, plain, readable
from broadsheet.stories.actions import publish_story, withdraw_story
from broadsheet.stories.models import Credit, Notice, Section, Story
from broadsheet.stories.pictures.sizes import remove_sizes
from broadsheet.stories.rules import has_been_public, missing_for_publication
from broadsheet.wire.body_parts import dateline_off, parts_of
from broadsheet.wire.by_name import person_named, section_named, topic_named
from broadsheet.wire.items.arrival import Arrival, Fate, Orders
from broadsheet.wire.items.item import CANCELED, WITHDRAWAL, WITHHELD, Item
from broadsheet.wire.items.pictures import body_of, take_pictures
from broadsheet.wire.models import LONGEST_URI, Origin

LONGEST_VERSION = 60
MOST_TOPICS = 20


def import_item(item: Item, orders: Orders) -> Arrival:
    """Make the story of an item, bring it up to date, or withdraw it.

    The same item is known by its uri: an older version or the same again changes nothing, a newer one changes a story
    that nobody at the desk has changed since. Raises Unacceptable (nothing has changed then); Stale when the same item
    is being imported at this moment.
    """
    if item.uri.startswith(f"{settings.SITE_URL}/"):
        raise Unacceptable("It is a story of this newsroom.")
    if len(item.uri) > LONGEST_URI or len(item.version) > LONGEST_VERSION:
        raise Unacceptable("Its uri or its version is longer than any that we know.")
    arrival = Arrival(item, notes=list(item.remarks))
    try:
        with transaction.atomic():
            _import(item, orders, arrival)
            if orders.dry_run:
                transaction.set_rollback(True)
    except Exception as fault:
        for picture in arrival.taken:  # their rows are gone with the transaction, their files are not
            remove_sizes(picture.folder)
            picture.file.storage.delete(picture.file.name)
        if isinstance(fault, IntegrityError):
            raise Stale("Somebody has changed the same things at this moment; nothing was imported.") from None
        raise
    return arrival


def _import(item: Item, orders: Orders, arrival: Arrival) -> Arrival:
    origin = Origin.objects.select_for_update().filter(uri=item.uri).first()
    if origin and (order := order_of(item, origin)) < (0 if item.status == CANCELED else 1):
        arrival.story, arrival.fate = origin.story, Fate.OLDER if order < 0 else Fate.KNOWN
        return arrival
    if item.status == CANCELED:
        return _kill(item, origin, arrival)
    if origin is None:
        return _make(item, orders, arrival)
    arrival.story = origin.story
    if why := _why_not_update(origin):
        arrival.fate = Fate.LEFT
        arrival.notes.append(why)
        return arrival
    return _update(item, origin, orders, arrival)


def order_of(item: Item, origin: Origin) -> int:
    """1 for a newer version than the one we have, 0 for the same, -1 for an older one."""
    if item.version.isdecimal() and origin.version.isdecimal() and int(item.version) != int(origin.version):
        return 1 if int(item.version) > int(origin.version) else -1
    if item.changed and origin.changed_at and item.changed != origin.changed_at:
        return 1 if item.changed > origin.changed_at else -1
    return int(item.version != origin.version)


def mark_of(story: Story) -> str:
    """What the desk would change: the words of a story as it stands at the desk, but for its section and captions."""
    facts = [
        story.headline, story.standfirst, story.slugline, story.place, story.agency, story.urgency,
        story.lead_picture_id, [_part_mark(part) for part in story.body],
        sorted((credit.role, credit.person.name) for credit in story.credits.all()),
        sorted(topic.name for topic in story.topics.all()),
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(facts, default=str).encode()).hexdigest()


def _part_mark(part: Any) -> list[str]:
    """A part's kind and its words; the editor writes the same words with other tags."""
    if part.block_type == "picture":
        return ["picture", str(getattr(part.value.get("picture"), "pk", "")), str(part.value.get("caption") or "")]
    if part.block_type == "quotation":
        return ["quotation", str(part.value["words"]), str(part.value["speaker"] or "")]
    if part.block_type == "list":
        return ["list", *(plain(str(getattr(item, "source", item))) for item in part.value)]
    return [part.block_type, plain(str(getattr(part.value, "source", escape(part.value))))]


def _why_not_update(origin: Origin) -> str | None:
    story = origin.story
    if story is None:
        return "Its story is not here any more, or it was killed before it came."
    if any(notice.kind == Notice.Kind.WITHDRAWAL for notice in story.get_latest_revision_as_object().notices.all()):
        return "The story has been withdrawn."
    if story.get_lock() or story.workflow_in_progress:
        return "Somebody at the desk has the story in hand."
    if mark_of(story.get_latest_revision_as_object()) != origin.mark:
        return "Somebody at the desk has changed the story since; compare the two."
    return None


def _make(item: Item, orders: Orders, arrival: Arrival) -> Arrival:
    story = Story()
    origin = Origin(uri=item.uri)
    _fill(story, item, origin, orders, arrival)
    story.section, arrival.section_made = _section(item, orders, arrival)
    _release(story, None, item, orders, arrival)
    return _remember(origin, item, arrival)


def _update(item: Item, origin: Origin, orders: Orders, arrival: Arrival) -> Arrival:
    standing = Story.objects.select_for_update().get(pk__in=[origin.story_id])
    arrival.fate, arrival.story = Fate.UPDATED, standing
    # Read again: without a draft, the latest revision as an object is the very row it is asked of.
    story: Story = Story.objects.get(pk=standing.pk).get_latest_revision_as_object()
    _fill(story, item, origin, orders, arrival)
    _release(story, standing, item, orders, arrival)
    return _remember(origin, item, arrival)


def _remember(origin: Origin, item: Item, arrival: Arrival) -> Arrival:
    origin.version, origin.changed_at, origin.taken_at = item.version, item.changed, clock.now()
    if arrival.story is not None:
        origin.story = Story.objects.get(pk=arrival.story.pk)
        origin.mark = mark_of(origin.story.get_latest_revision_as_object())
        arrival.story = origin.story
    origin.save()
    return arrival


def _kill(item: Item, origin: Origin | None, arrival: Arrival) -> Arrival:
    """Withdraw a story that readers have, keep a draft from ever being published, or remember what never came."""
    origin = origin or Origin(uri=item.uri)
    arrival.story, story = origin.story, origin.story
    if story is None:
        arrival.fate = Fate.NEVER
        return _remember(origin, item, arrival)
    said = next((note.text for note in item.notes if note.kind == WITHDRAWAL), "")
    provider = item.provider or _("The agency")
    text = said or _("%(provider)s, which sent us this story, has withdrawn it.") % {"provider": provider}
    draft: Story = story.get_latest_revision_as_object()
    if any(notice.kind == Notice.Kind.WITHDRAWAL for notice in draft.notices.all()):
        arrival.fate = Fate.KNOWN
    elif story.live:
        withdraw_story(story=story, text=text)
        arrival.fate = Fate.WITHDRAWN
    else:
        draft.notices.add(Notice(kind=Notice.Kind.WITHDRAWAL, text=readable(text, most=2000, what="Notice")))
        draft.save()
        draft.save_revision(clean=False)
        arrival.fate = Fate.STOPPED
    return _remember(origin, item, arrival)


def _fill(story: Story, item: Item, origin: Origin, orders: Orders, arrival: Arrival) -> None:
    """Give a story the words of an item; its section and its captions are the desk's."""
    place, agency, body = dateline_off(item.body)
    headline = item.headline or item.slugline
    if is_blank(headline):
        raise Unacceptable("It has no headline.")
    story.headline = readable(headline, most=200, what="Headline", lines=False)
    story.standfirst = arrival.fitting(item.standfirst, 500, "Standfirst")
    story.slugline = arrival.fitting(item.slugline, 60, "Slugline")
    story.place = arrival.fitting(place or item.place, 120, "Place in the dateline")
    story.agency = arrival.fitting(agency or item.agency, 80, "Agency")
    story.urgency = item.urgency or story.urgency
    story.credits.set(_credits(item, arrival))
    story.topics.set(_topics(item, arrival))
    known = {(notice.kind, notice.text) for notice in story.notices.all()}
    for note in reversed(item.notes):
        words = arrival.fitting(note.text, 2000, "Notice", lines=True)
        if words and note.kind != WITHDRAWAL and (note.kind, words) not in known:
            story.notices.add(Notice(kind=note.kind, text=words, made_at=note.made_at))
    taken = take_pictures(item, origin, orders, arrival)
    story.body = body_of(parts_of(body), item, taken, story, arrival)
    story.fill_slug()


def _credits(item: Item, arrival: Arrival) -> list[Credit]:
    found = []
    for order, one in enumerate(item.contributors):
        if name := arrival.fitting(one.name, 120, "Name"):
            found.append(Credit(role=one.role, person=person_named(name), sort_order=order))
    return found


def _topics(item: Item, arrival: Arrival) -> list[Any]:
    names = dict.fromkeys(arrival.fitting(topic.name, 80, "Topic") for topic in item.topics)
    wanted = [name for name in names if name]
    if len(wanted) > MOST_TOPICS:
        arrival.notes.append(f"Of its {len(wanted)} topics the first {MOST_TOPICS} were taken.")
    return list(dict.fromkeys(topic_named(name) for name in wanted[:MOST_TOPICS]))


def _section(item: Item, orders: Orders, arrival: Arrival) -> tuple[Any, bool]:
    """The section that was asked for, made if need be; else the item's, where the paper has one of that name."""
    if orders.section:
        return section_named(orders.section)
    found = Section.objects.filter(name__iexact=item.section.name).first() if item.section else None
    if item.section and found is None:
        arrival.notes.append(f"The paper has no section {item.section.name}; the story has none yet.")
    return found, False


def _release(story: Story, standing: Story | None, item: Item, orders: Orders, arrival: Arrival) -> None:
    """Publish it where that was asked for and nothing is in the way; else keep it at the desk."""
    now = clock.now()
    moments = [moment for moment in (item.first_published, item.embargoed_until) if moment]
    moment = max(moments, default=None)
    embargo = moment if moment and moment > now else None
    is_known = standing is not None and has_been_public(standing, now)
    if orders.publish:
        arrival.lacks = list(_lacks(story, item, embargo if is_known else None))
    if orders.publish and not arrival.lacks:
        arrival.story = publish_story(story=story, at=None if is_known else moment or now)
        return
    if embargo and not is_known:
        story.published_at = embargo  # holds whoever publishes it
    if standing is not None and standing.live:
        if not is_known and embargo and standing.published_at and embargo > standing.published_at:
            standing.published_at = embargo
            standing.save(update_fields=["published_at"])
            arrival.notes.append("Its embargo is longer now, for the version that has been released too.")
        story.save_revision(clean=False)
        arrival.notes.append("The published story stands as it was; the new version waits at the desk.")
        return
    story.live = False
    story.save()
    story.save_revision(clean=False)
    arrival.story = story


def _lacks(story: Story, item: Item, embargo: datetime | None) -> Iterator[str]:
    """What keeps it from publication; `embargo` is that of a new version of a story that readers have."""
    yield from missing_for_publication(story)
    if item.status == WITHHELD:
        yield "Its sender wants it withheld."
    if embargo:
        yield f"This version is under embargo until {clock.story_moment(embargo)}, and readers have an earlier one."
