"""ninjs, IPTC's News in JSON: version 3.1 out; 1.x, 2.x and 3.x in (ninjs_reading). Pure: no database, no settings."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from broadsheet.wire.items.item import CANCELED, Item, Note, PictureItem

SCHEMA = "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#"
MEDIA_TYPE = "application/json"

Facts = dict[str, Any]


def write(item: Item) -> bytes:
    """One item as ninjs 3.1; a canceled one without any of its words."""
    return _bytes(facts(item))


def write_feed(items: list[Item], *, title: str, address: str, following: str = "") -> bytes:
    """A page of items, newest first, and the address of the page that follows.

    ninjs has no feed of its own: each member of `items` is a whole ninjs document.
    """
    page: Facts = {"title": title, "address": address, "items": [facts(item) for item in items]}
    return _bytes({**page, "next": following} if following else page)


def facts(item: Item) -> Facts:
    """The item's document."""
    document: Facts = {
        "uri": item.uri,
        "standard": {"name": "ninjs", "version": "3.1", "schema": SCHEMA},
        "type": "text",
        "version": item.version,
        "versionCreated": _moment(item.changed),
        "pubStatus": item.status,
        "language": item.language,
        "copyrightHolder": item.provider,
        "edNote": _ed_note(item.notes),
    }
    if item.status != CANCELED:
        document |= {"representationType": "full", **_words(item), **_people(item), **_about(item)}
        document["associations"] = [
            _association(picture, place, item) for place, picture in enumerate(item.pictures, start=1)
        ]
    return _without_empty(document)


def _words(item: Item) -> Facts:
    return {
        "firstCreated": _moment(item.first_published),
        "embargoedUntil": _moment(item.embargoed_until),
        "urgency": item.urgency,
        "slugline": item.slugline,
        "located": item.place,
        "headlines": _worded("main", item.headline),
        "descriptions": _worded("summary", item.standfirst),
        "bodies": _worded("main", item.body, "text/html"),
        "altIds": [{"role": "web", "value": item.address}] if item.address else [],
    }


def _people(item: Item) -> Facts:
    return {
        "by": item.byline,
        "people": [_without_empty({"name": one.name, "rel": one.role, "uri": one.uri}) for one in item.contributors],
        "infoSources": [{"name": item.agency, "role": "agency"}] if item.agency else [],
    }


def _about(item: Item) -> Facts:
    named = [("section", item.section)] if item.section else []
    named += [("about", topic) for topic in item.topics]
    return {"subjects": [_without_empty({"name": one.name, "rel": rel, "uri": one.uri}) for rel, one in named]}


def _association(picture: PictureItem, place: int, item: Item) -> Facts:
    """A picture; the first leads the story. ninjs has no credit line: it is the source named "credit"."""
    return _without_empty(
        {
            "name": "lead" if place == 1 else f"picture-{place}",
            "uri": picture.uri,
            "type": "picture",
            "by": picture.creator,
            "infoSources": [{"name": picture.credit, "role": "credit"}] if picture.credit else [],
            "copyrightNotice": picture.copyright_notice,
            "rightsInfo": {"linkedRights": picture.rights_page} if picture.rights_page else None,
            "descriptions": [*_worded("caption", picture.caption), *_worded("alt", picture.alt)],
            "renditions": [
                _without_empty(
                    {
                        "name": f"{one.width}" if one.width else "only",
                        "href": one.address,
                        "contentType": one.media_type,
                        "width": one.width,
                        "height": one.height,
                    }
                )
                for one in picture.renditions
            ],
        }
    )


def _worded(role: str, words: str, kind: str = "text/plain") -> list[Facts]:
    return [{"role": role, "contentType": kind, "value": words}] if words else []


def _ed_note(notes: tuple[Note, ...]) -> str:
    """The dated notices, the only place that ninjs has for them: "correction (moment): what was wrong"."""
    return "\n\n".join(f"{note.kind} ({_moment(note.made_at)}): {note.text}" for note in notes)


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


def _without_empty(document: Facts) -> Facts:
    return {name: value for name, value in document.items() if value not in (None, "", [], 0)}


def _bytes(document: Facts) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
