"""ninjs in: 3.x, 2.x and 1.x, with what Superdesk adds to them. Pure: bytes in, items out.

The versions call the same things by different names (`headlines`, `headline`, `headline_main`), so each fact is looked
for under all of them. What an item says and has no place here comes back as remarks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape
from typing import Any

from broadsheet.core.text import plain, wire_html
from broadsheet.wire.items.item import (
    CANCELED,
    NOTICES,
    REPORTING,
    ROLES,
    USABLE,
    WITHHELD,
    Contributor,
    Item,
    Named,
    Note,
    PictureItem,
    Rendition,
    UnreadableItem,
    names_in_byline,
)
from broadsheet.wire.items.reading_json import read_json

MOST_ITEMS = 1000
LONGEST_QUOTE = 80  # characters of what has no place that are repeated

Facts = dict[str, Any]

_STATUS = {"usable": USABLE, "withheld": WITHHELD, "canceled": CANCELED, "cancelled": CANCELED, "killed": CANCELED}
# Names that need no remark: we use them, or they say nothing that a story keeps.
_KNOWN = {
    "uri", "guid", "type", "version", "versioncreated", "firstcreated", "contentcreated", "pubstatus", "urgency",
    "language", "headlines", "headline", "by", "byline", "people", "person", "authors", "slugline", "located",
    "infosources", "infosource", "source", "subjects", "subject", "keywords", "descriptions", "bodies", "ednote",
    "altids", "associations", "renditions", "embargoed", "embargoeduntil", "standard", "$standard",
    "representationtype", "profile", "copyrightholder", "charcount", "wordcount", "mimetype", "priority", "title",
    "provider", "name", "rel", "abstract", "_id", "_etag", "_created", "_updated", "_links", "_current_version",
}  # fmt: skip
_WORDED = ("headline_", "description_", "body_")
_NOTE = re.compile(
    rf"^({'|'.join(NOTICES)}) \((\d{{4}}-[^)]+)\): (.*?)(?=\n\n(?:{'|'.join(NOTICES)}) \(\d{{4}}-|\Z)",
    re.DOTALL | re.MULTILINE,
)
_NEWS_TYPES = {"", "text", "composite", "article"}


def read(data: bytes) -> list[Item]:
    """The items of a document: one, a list of them, or a page of a feed. Raises UnreadableItem."""
    document = read_json(data)
    if isinstance(document, dict):
        listed = document.get("items") or document.get("_items")
        document = listed if isinstance(listed, list) else [document]
    if not isinstance(document, list) or not document:
        raise UnreadableItem("It is no ninjs: neither an item nor a list of items.")
    if len(document) > MOST_ITEMS:
        raise UnreadableItem(f"It has more than {MOST_ITEMS} items.")
    return [_item(facts) for facts in document]


def _item(facts: Any) -> Item:
    if not isinstance(facts, dict):
        raise UnreadableItem("It is no ninjs: an item in it is no object.")
    uri = _text(facts, "uri", "guid")
    if not uri:
        raise UnreadableItem("It is no ninjs: an item has no uri, by which it is known.")
    if (kind := _text(facts, "type").lower()) not in _NEWS_TYPES:
        raise UnreadableItem(f"The item {uri} is no text ({kind}); only texts are imported.")
    status = _text(facts, "pubStatus", "pubstatus").lower() or USABLE
    if status not in _STATUS:
        raise UnreadableItem(f"The item {uri} has a status that we do not know ({status}).")
    notes, remark = _notes(_text(facts, "edNote", "ednote"))
    common: Facts = {
        "uri": uri,
        "version": _text(facts, "version") or "1",
        "status": _STATUS[status],
        "language": _text(facts, "language"),
        "changed": _moment(facts, "versionCreated", "versioncreated"),
        "notes": notes,
        "provider": _text(facts, "copyrightHolder", "copyrightholder", "provider", "source"),
    }
    if _STATUS[status] == CANCELED:
        return Item(**common, remarks=(remark,) if remark else ())
    return _whole(facts, common, [remark] if remark else [])


def _whole(facts: Facts, common: Facts, remarks: list[str]) -> Item:
    """An item with its words: one that is not killed."""
    pictures, others = _pictures(facts)
    section, topics = _subjects(facts)
    return Item(
        **common,
        headline=_headline(facts),
        standfirst=_described(facts, "summary", "abstract", "text", "", "main") or _text(facts, "abstract"),
        slugline=_text(facts, "slugline"),
        byline=_text(facts, "by", "byline"),
        contributors=_contributors(facts),
        place=_text(facts, "located"),
        agency=_source(facts, "agency") or _text(facts, "source"),
        first_published=_moment(facts, "firstCreated", "firstcreated"),
        embargoed_until=embargo_of(_text(facts, "embargoedUntil", "embargoed")),
        urgency=_urgency(facts),
        section=section,
        topics=topics,
        body=_body(facts),
        pictures=pictures,
        address=next((_text(row, "value") for row in _rows(facts, "altIds") if row.get("role") == "web"), ""),
        remarks=tuple([*remarks, *others, *_unplaced(facts)]),
    )


def _text(facts: Facts, *names: str) -> str:
    """The first of these that says something, as one line; a number as its digits."""
    for name in names:
        value = facts.get(name)
        if isinstance(value, (str, int)) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip() if name.lower() == "ednote" else " ".join(str(value).split())
    return ""


def _rows(facts: Facts, *names: str) -> list[Facts]:
    """The objects listed under the first of these that is there; from an object of objects, each with its name."""
    for name in names:
        value = facts.get(name)
        if isinstance(value, list):
            return [row for row in value if isinstance(row, dict)]
        if isinstance(value, dict):
            return [{"name": key, **row} for key, row in value.items() if isinstance(row, dict)]
    return []


def _moment(facts: Facts, *names: str) -> datetime | None:
    """A moment with a zone; without one it is UTC, as the first versions of ninjs left it open."""
    written = _text(facts, *names)
    return moment_of(written) if written else None


def embargo_of(written: str) -> datetime | None:
    """The end of an embargo; None where there is none. Raises UnreadableItem for one that may be hours later."""
    if written and not re.search(r"T.*(?:Z|[+-]\d\d:?\d\d)$", written, re.IGNORECASE):
        raise UnreadableItem(f"It has an embargo without a zone ({written[:40]}), which may end hours later.")
    return moment_of(written) if written else None


def moment_of(written: str) -> datetime:
    """An exact moment. Raises UnreadableItem: a moment that cannot be read may be an embargo."""
    try:
        moment = datetime.fromisoformat(re.sub(r"([+-]\d\d)(\d\d)$", r"\1:\2", written.strip()))
    except ValueError:
        raise UnreadableItem(f"It has a moment that cannot be read ({written[:40]}).") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _worded(facts: Facts, plural: str, single: str, roles: tuple[str, ...]) -> str:
    """The words of the first of these roles, as one line: 2.x and 3.x list them, 1.x has `single_role`."""
    listed = {str(row.get("role") or "").lower(): row for row in reversed(_rows(facts, plural)) if row.get("value")}
    for role in roles:
        row = listed.get(role) or {"value": facts.get(f"{single}_{role}" if role else single)}
        if words := _plain(row):
            return words
    return ""


def _plain(row: Facts) -> str:
    """What a row says, as one line; without tags, unless it says that it has none."""
    words = row.get("value")
    if not isinstance(words, str):
        return ""
    marked = "plain" not in _kind(row) and re.search(r"</?[a-z][^>]*>|&#?\w+;", words, re.IGNORECASE)
    return " ".join((plain(words) if marked else words).split())


def _headline(facts: Facts) -> str:
    words = _worded(facts, "headlines", "headline", ("main", "", "simple", "text", "extended", "short"))
    return words or next(map(_plain, _rows(facts, "headlines")), "") or _text(facts, "title", "name")


def _described(facts: Facts, *roles: str) -> str:
    return _worded(facts, "descriptions", "description", roles)


def _body(facts: Facts) -> str:
    """The fullest body: marked-up before plain."""
    written = [(_kind(row), str(row.get("value") or "")) for row in _rows(facts, "bodies")]
    written += [(name.removeprefix("body_"), str(value)) for name, value in facts.items() if name.startswith("body_")]
    written = [(kind, words) for kind, words in written if words.strip()]
    marked = [words for kind, words in written if "html" in kind or re.search(r"<p[\s>]", words, re.IGNORECASE)]
    if marked:
        return wire_html(marked[0])
    return paragraphs(written[0][1]) if written else ""


def _kind(row: Facts) -> str:
    return f"{row.get('contentType') or row.get('contenttype') or ''} {row.get('role') or ''}".lower()


def paragraphs(words: str) -> str:
    """Plain text as HTML: an empty line, or where there is none a line, ends a paragraph."""
    parts = re.split(r"\n\s*\n", words.strip()) if re.search(r"\n\s*\n", words.strip()) else words.strip().split("\n")
    return wire_html("".join(f"<p>{escape(' '.join(part.split()))}</p>" for part in parts if part.strip()))


def _contributors(facts: Facts) -> tuple[Contributor, ...]:
    """Those named with a part in it; else the names of the byline."""
    rows = [*_rows(facts, "people", "person"), *_rows(facts, "authors")]
    parts = [(ROLES.get(str(row.get("rel") or row.get("role") or "").lower()), row) for row in rows]
    found = [Contributor(role, _text(row, "name"), _text(row, "uri")) for role, row in parts if role]
    found = [one for one in found if one.name]
    if not found:
        found = [Contributor(REPORTING, name) for name in names_in_byline(_text(facts, "by", "byline"))]
    return tuple(dict.fromkeys(found))


def _source(facts: Facts, role: str) -> str:
    rows = _rows(facts, "infoSources", "infosources", "infosource")
    return next((_text(row, "name") for row in rows if row.get("role") == role), "")


def _urgency(facts: Facts) -> int | None:
    written = _text(facts, "urgency")
    return int(written) if re.fullmatch(r"[1-9]", written) else None


def _subjects(facts: Facts) -> tuple[Named | None, tuple[Named, ...]]:
    """The section, and what the story is about, by name; codes without a name are remarked on."""
    rows = _rows(facts, "subjects", "subject")
    named = [(row.get("rel"), Named(_text(row, "name"), _text(row, "uri"))) for row in rows if _text(row, "name")]
    section = next((one for rel, one in named if rel == "section"), None)
    words = facts.get("keywords")
    keywords = (
        [Named(" ".join(word.split())) for word in words if isinstance(word, str)] if isinstance(words, list) else []
    )
    topics = [one for rel, one in named if rel != "section"] + [one for one in keywords if one.name]
    return section, tuple(dict.fromkeys(topics))


def _pictures(facts: Facts) -> tuple[tuple[PictureItem, ...], list[str]]:
    """The pictures, the lead first, and remarks on what else is associated."""
    pictures, others = [], []
    for row in _rows(facts, "associations"):
        kind = _text(row, "type").lower()
        if kind in {"picture", "graphic"} or (not kind and _rows(row, "renditions")):
            pictures.append(_picture(row))
        elif row:
            others.append(
                f"Not taken: what is associated as “{_text(row, 'name')}” is no picture ({kind or 'no type'})."
            )
    return tuple(pictures), others


def _picture(row: Facts) -> PictureItem:
    renditions = []
    for one in _rows(row, "renditions"):
        kind = _text(one, "contentType", "contenttype", "mimetype") or "image/jpeg"
        if address := _text(one, "href"):
            renditions.append(Rendition(address, _pixels(one, "width"), _pixels(one, "height"), kind))
    rights = row.get("rightsInfo") or row.get("rightsinfo")
    return PictureItem(
        uri=_text(row, "uri", "guid") or (renditions[0].address if renditions else _text(row, "name")),
        caption=_described(row, "caption", "text", "", "main", "summary"),
        alt=_described(row, "alt", "alttext", "alt text") or _text(row, "alt_text"),
        creator=_text(row, "by", "byline"),
        credit=_source(row, "credit") or _text(row, "creditline", "credit", "source"),
        copyright_notice=_text(row, "copyrightNotice", "copyrightnotice"),
        rights_page=_text(rights, "linkedRights", "linkedrights") if isinstance(rights, dict) else "",
        renditions=tuple(renditions),
    )


def _pixels(row: Facts, name: str) -> int:
    value = row.get(name)
    return value if isinstance(value, int) and 0 < value < 1_000_000 else 0


def _notes(written: str) -> tuple[tuple[Note, ...], str]:
    """The dated notices in an editor's note, and what else it says."""
    notes = [Note(kind, words.strip(), moment_of(moment)) for kind, moment, words in _NOTE.findall(written)]
    rest = " ".join(_NOTE.sub("", written).split())
    return tuple(notes), f"Note to editors: {_cut(rest, 500)}" if rest else ""


def _unplaced(facts: Facts) -> Iterator[str]:
    """What the item says and this has no place for."""
    for row in _rows(facts, "subjects", "subject"):
        if not _text(row, "name"):
            yield f"Not stored: a subject without a name ({_cut(row)})."
    for row in _rows(facts, "people", "person"):
        if str(row.get("rel") or "").lower() not in ROLES:
            yield f"Not stored: people: {_cut(row)}"
    for name, value in facts.items():
        if name.lower() not in _KNOWN and not name.startswith(_WORDED) and value not in (None, "", [], {}):
            yield f"Not stored: {_cut(name)}: {_cut(value)}"


def _cut(value: Any, most: int = LONGEST_QUOTE) -> str:
    if isinstance(value, list):
        value = ", ".join(str(row.get("name", row)) if isinstance(row, dict) else str(row) for row in value)
    elif isinstance(value, dict):
        value = str(value.get("name") or ", ".join(f"{key} {part}" for key, part in value.items()))
    words = " ".join(str(value).split())
    return words if len(words) <= most else words[: most - 1] + "…"
