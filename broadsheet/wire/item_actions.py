"""Turns items of somebody else's wire into stories: drafts at the desk, or what may be published at once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.html import escape
from django.utils.translation import gettext as _

from broadsheet.core import clock
from broadsheet.core.refusals import Refused, Stale, Unacceptable
from broadsheet.core.text import is_blank, plain, readable
from broadsheet.stories.actions import publish_story, withdraw_story
from broadsheet.stories.models import Credit, Notice, Picture, Section, Story
from broadsheet.stories.pictures import add_picture
from broadsheet.stories.pictures.sizes import remove_sizes
from broadsheet.stories.rules import has_been_public, missing_for_publication
from broadsheet.wire.body_parts import BodyPart, dateline_off, parts_of
from broadsheet.wire.item import CANCELED, WITHDRAWAL, WITHHELD, Item, PictureItem
from broadsheet.wire.models import LONGEST_URI, Origin
from broadsheet.wire.named import person_named, section_named, topic_named

LONGEST_VERSION = 60
MOST_TOPICS = 20
MOST_PICTURES = 30


class Fate(Enum):
    """What became of an item."""

    MADE = "made"
    UPDATED = "updated"
    KNOWN = "known"
    OLDER = "older"
    LEFT = "left"
    WITHDRAWN = "withdrawn"
    STOPPED = "stopped"  # a draft that was killed before anybody could read it
    NEVER = "never"  # a kill of what never came


@dataclass
class Arrival:
    """What one item became, for the report."""

    item: Item
    fate: Fate = Fate.MADE
    story: Story | None = None
    section_made: bool = False
    lacks: list[str] = field(default_factory=list)  # what keeps it from publication, where that was asked for
    notes: list[str] = field(default_factory=list)
    taken: list[Picture] = field(default_factory=list)  # pictures made now


@dataclass(frozen=True)
class Orders:
    """How to import: where new stories go, whether to publish what lacks nothing, and where the pictures lie."""

    section: str = ""
    publish: bool = False
    pictures: Path | None = None
    dry_run: bool = False


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
    story.standfirst = _fitting(item.standfirst, 500, "Standfirst", arrival)
    story.slugline = _fitting(item.slugline, 60, "Slugline", arrival)
    story.place = _fitting(place or item.place, 120, "Place in the dateline", arrival)
    story.agency = _fitting(agency or item.agency, 80, "Agency", arrival)
    story.urgency = item.urgency or story.urgency
    story.credits.set(_credits(item, arrival))
    story.topics.set(_topics(item, arrival))
    known = {(notice.kind, notice.text) for notice in story.notices.all()}
    for note in reversed(item.notes):
        words = _fitting(note.text, 2000, "Notice", arrival, lines=True)
        if words and note.kind != WITHDRAWAL and (note.kind, words) not in known:
            story.notices.add(Notice(kind=note.kind, text=words, made_at=note.made_at))
    taken = _take_pictures(item, origin, orders, arrival)
    story.body = _body(parts_of(body), item, taken, story, arrival)
    story.fill_slug()


def _credits(item: Item, arrival: Arrival) -> list[Credit]:
    found = []
    for order, one in enumerate(item.contributors):
        if name := _fitting(one.name, 120, "Name", arrival):
            found.append(Credit(role=one.role, person=person_named(name), sort_order=order))
    return found


def _topics(item: Item, arrival: Arrival) -> list[Any]:
    names = dict.fromkeys(_fitting(topic.name, 80, "Topic", arrival) for topic in item.topics)
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


def _take_pictures(item: Item, origin: Origin, orders: Orders, arrival: Arrival) -> dict[str, Picture]:
    """The item's pictures by their names: those we have, and those whose files lie there."""
    taken: dict[str, Picture] = {}
    if len(item.pictures) > MOST_PICTURES:
        arrival.notes.append(f"Of its {len(item.pictures)} pictures the first {MOST_PICTURES} were looked for.")
    for picture in item.pictures[:MOST_PICTURES]:
        known = Picture.objects.filter(pk__in=[origin.pictures.get(picture.uri, 0)]).first()
        if known is None and (file := file_of(picture, orders.pictures)):
            known = _take_picture(picture, file, orders, arrival)
        elif known is None:
            arrival.notes.append(f"Picture not taken: no file of it lies there: {_name_of(picture)}")
        if known is not None:
            taken[picture.uri] = known
            origin.pictures[picture.uri] = known.pk
    return taken


def file_of(picture: PictureItem, folder: Path | None) -> Path | None:
    """The picture's widest size that lies in the folder, by the end of its address; nothing else is opened."""
    if folder is None:
        return None
    for one in sorted(picture.renditions, key=lambda size: size.width, reverse=True):
        for name in file_names(one.address):
            if (folder / name).is_file():
                return folder / name
    return None


def file_names(address: str) -> list[str]:
    """Under which names a file of that address may lie: a/b/c.jpg, b/c.jpg, c.jpg; none that leads out of a folder.

    A last part that is a number alone (a size: 960.jpg) tells no picture from another, so it is no name by itself.
    """
    try:
        parts = PurePosixPath(unquote(urlsplit(address).path)).parts
    except ValueError:
        return []
    named = [part for part in parts if part != "/"]
    if not named or any(part[0] == "." or "\\" in part or "\0" in part or len(part) > 200 for part in named):
        return []
    alone = [] if PurePosixPath(named[-1]).stem.isdigit() else [named[-1]]
    return list(dict.fromkeys(["/".join(named), "/".join(named[-2:]), *alone]))


def _take_picture(picture: PictureItem, file: Path, orders: Orders, arrival: Arrival) -> Picture | None:
    if orders.dry_run:
        arrival.notes.append(f"Picture: {file.name} would be taken.")
        return None
    facts = {
        "caption": _fitting(picture.caption, 1000, "Caption", arrival),
        "description": _fitting(picture.alt, 255, "Alternative text", arrival),
        "creator": _fitting(picture.creator, 120, "Name of the picture's creator", arrival),
        "credit": _fitting(picture.credit, 120, "Credit of the picture", arrival),
        "copyright_notice": _fitting(picture.copyright_notice, 300, "Copyright notice", arrival),
        "rights_page": picture.rights_page if picture.rights_page.startswith(("https://", "http://")) else "",
    }
    try:
        with file.open("rb") as opened:
            made = add_picture(file=opened, title=file.stem[:200], **facts)
        arrival.taken.append(made)
        return made
    except Refused as refusal:
        arrival.notes.append(f"Picture not taken: {file.name}: {refusal.sentence}")
    except OSError as fault:
        arrival.notes.append(f"Picture not taken: {file.name} cannot be read ({fault.strerror}).")
    return None


def _name_of(picture: PictureItem) -> str:
    names = file_names(picture.widest.address) if picture.widest else []
    return names[-1] if names else picture.uri[:120]


def _body(parts: list[BodyPart], item: Item, taken: dict[str, Picture], story: Story, arrival: Arrival) -> list[Any]:
    """The body as the desk keeps it. Pictures stand where the body names them; of the others the first leads."""
    placed: set[str] = set()
    body: list[Any] = []
    for part in parts:
        if part.kind != "picture":
            body.append(_block(part))
            continue
        named = _named_by(part.source, item)
        if named and named.uri in taken and named.uri not in placed:
            placed.add(named.uri)
            body.append(_picture_block(taken[named.uri], named, part))
        elif named is None:
            arrival.notes.append(
                f"Picture not taken: the body shows one that is not among the item's: {part.source[:120]}"
            )
    rest = [picture for picture in item.pictures if picture.uri in taken and picture.uri not in placed]
    if rest:
        story.lead_picture = taken[rest[0].uri]
    body += [_picture_block(taken[picture.uri], picture) for picture in rest[1:]]
    return body


def _named_by(source: str, item: Item) -> PictureItem | None:
    """The item's picture that the body means by this address: one of its sizes, or another of the same name."""
    for picture in item.pictures:
        if any(one.address == source for one in picture.renditions):
            return picture
    last = file_names(source)[-1:] if source else []
    meant = [
        picture for picture in item.pictures if any(file_names(one.address)[-1:] == last for one in picture.renditions)
    ]
    return meant[0] if last and len(meant) == 1 else None


def _block(part: BodyPart) -> tuple[str, Any]:
    if part.kind == "list":
        return "list", list(part.items)
    if part.kind == "quotation":
        return "quotation", {"words": part.text, "speaker": part.speaker}
    return part.kind, part.text


def _picture_block(picture: Picture, item: PictureItem, part: BodyPart | None = None) -> tuple[str, Any]:
    """A picture with its own facts; what the body says of it stands where the item says nothing."""
    said = part or BodyPart("picture")
    return "picture", {
        "picture": picture,
        "caption": "" if item.caption else said.text[:1000],
        "alt": "" if item.alt else said.alt[:300],
        "credit": "",
    }


def _fitting(text: str, most: int, what: str, arrival: Arrival, *, lines: bool = False) -> str:
    """The text, or nothing where it cannot be stored; that is noted."""
    try:
        return readable(text, most=most, what=what, lines=lines)
    except Unacceptable as refusal:
        arrival.notes.append(f"Left out: {refusal.sentence}")
        return ""
