"""Broadsheet's own format: JSON Lines, one record a line, in which nothing of a discussion is missing.

The first line names the format; then come people (where asked for), stories and comments, each an object under its
kind. Every number is told with where it was given ("https://paper.example 12", "disqus 991"), so that what came from
another system once is the same wherever it goes next.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, BinaryIO

from broadsheet.wire.discussions.found import (
    Found,
    FoundComment,
    FoundPerson,
    FoundStory,
    NoMoment,
    State,
    UnreadableFile,
    Unusable,
    instant,
)

FORMAT, VERSION = "broadsheet discussions", 1
LONGEST_LINE = 8 * 2**20  # bytes: the longest comment with a hundred earlier wordings and thousands of respects
LONGEST_NUMBER, LONGEST_LABEL, LONGEST_NOTE = 200, 80, 2000  # characters
STARS = {1, 2, 3, 4, 5}


def read(stream: BinaryIO) -> Iterator[Found]:
    """People, stories and comments, in the order of the file. Raises UnreadableFile where it breaks off."""
    number = 0
    for number, line in enumerate(_lines(stream), start=1):
        record = _record(line, number)
        if number == 1:
            _require_format(record)
        else:
            yield _found(record, number)
    if number == 0:
        raise UnreadableFile("it is empty")


def write(record: dict[str, Any]) -> str:
    """One line. What is empty is left out; a moment is ISO 8601 in UTC."""
    return json.dumps(_without_nothing(record), ensure_ascii=False, default=_plain, separators=(",", ":")) + "\n"


def opening() -> dict[str, Any]:
    """The first line. It names neither moment nor newsroom: the same discussion is the same file."""
    return {"format": FORMAT, "version": VERSION}


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """The lines, each with its end; one that is too long is a fault and not a memory full of it."""
    rest, number = b"", 0
    while chunk := stream.read(2**18):
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            number += 1
            yield line
        if len(rest) > LONGEST_LINE:
            raise UnreadableFile(f"line {number + 1:,}: it is longer than {LONGEST_LINE:,} bytes")
    if rest:
        yield rest


def _record(line: bytes, number: int) -> dict[str, Any]:
    try:
        found = json.loads(line.decode("utf-8-sig") if number == 1 else line)
    except (ValueError, RecursionError) as fault:
        raise UnreadableFile(f"line {number:,}: it is no JSON ({str(fault)[:80]})") from None
    if not isinstance(found, dict):
        raise UnreadableFile(f"line {number:,}: it is no JSON object")
    return found


def _require_format(record: dict[str, Any]) -> None:
    if record.get("format") != FORMAT:
        raise UnreadableFile(f'line 1: it does not say that it is of the format "{FORMAT}"')
    if record.get("version") != VERSION:
        raise UnreadableFile(f"line 1: its version is {record.get('version')!r}; this Broadsheet reads {VERSION}")


def _found(record: dict[str, Any], number: int) -> Found:
    try:
        if isinstance(person := record.get("person"), dict):
            return _person(person)
        if isinstance(story := record.get("story"), dict):
            return _story(story)
        if isinstance(comment := record.get("comment"), dict):
            return _comment(comment)
    except NoMoment as fault:
        return Unusable(_id_of(record), f"line {number:,}: {fault}")
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        return Unusable(
            _id_of(record), f"line {number:,}: something in it is missing or is not what it should be ({fault})"
        )
    return Unusable("", f"line {number:,}: it holds neither a person nor a story nor a comment")


def _id_of(record: dict[str, Any]) -> str:
    inside = next((each for each in record.values() if isinstance(each, dict)), {})
    return str(inside.get("id", ""))


def _person(row: dict[str, Any]) -> Found:
    return FoundPerson(
        id=_text(row["id"]),
        name=_text(row["name"]),
        email=_text(row.get("email", "")),
        banned=row.get("banned") is True,
        role=_text(row.get("role", "")),
        joined_at=_moment(row.get("joined_at")),
    )


def _story(row: dict[str, Any]) -> Found:
    discussion = dict(row.get("discussion", {}))
    closed_at = _moment(discussion.get("closed_at"))
    return FoundStory(
        id=_text(row["address"]),
        address=_text(row["address"]),
        headline=_text(row["headline"]),
        published_at=_moment(row.get("published_at")),
        closed=closed_at is not None,
        closed_at=closed_at,
        mode=_text(discussion.get("mode", "")),
        facts={**_state(discussion), "section": _text(row.get("section", ""), most=60)},
    )


def _state(discussion: dict[str, Any]) -> dict[str, Any]:
    """How a discussion stood, each fact of the kind that it should be."""
    found: dict[str, Any] = {name: _flag(discussion[name]) for name in _STATE_FLAGS if name in discussion}
    found |= {name: _written(discussion[name]) for name in ("opens_at", "closed_at") if name in discussion}
    return found | {name: _whole(discussion[name]) for name in _STATE_NUMBERS if name in discussion}


_STATE_FLAGS = ("public", "closed_by_hand", "kept_open", "without_hours")
_STATE_NUMBERS = ("open_for", "slow_seconds", "missing")


def _comment(row: dict[str, Any]) -> Found:
    author, rating = dict(row["author"]), row.get("rating")
    return FoundComment(
        id=_text(row["id"]),
        story=_text(row["story"]),
        parent=_text(row.get("parent", "")),
        person=_text(author.get("id", "")),
        name=_text(author["name"]),
        words=_text(row.get("words", "")),
        is_html=False,
        written_at=instant(_text(row["written_at"])),
        state=State(row["status"]),
        edited_at=_moment(row.get("edited_at")),
        rating=_stars(rating),
        facts=_facts(row),
    )


def _facts(row: dict[str, Any]) -> dict[str, Any]:
    """What only this format tells of a comment, each of the kind that it should be; moments stay as written."""
    found: dict[str, Any] = {name: _flag(row[name]) for name in _FLAGS if name in row}
    found |= {name: _written(row[name]) for name in _MOMENTS if name in row}
    found |= {name: _text(row[name], most=LONGEST_LABEL) for name in ("badge", "badge_label", "reason") if name in row}
    found["earlier"] = [
        {
            "words": _text(each.get("words", "")),
            "written_at": _written(each["written_at"]),
            "rating": _stars(each.get("rating")),
        }
        for each in _rows(row.get("earlier", []))
    ]
    found["respects"] = [
        {"by": _text(each.get("by", ""), most=LONGEST_NUMBER), "at": _written(each["at"])}
        for each in _rows(row.get("respects", []))
    ]
    found["respected"] = _whole(row.get("respected", 0))
    found["decisions"] = [
        {name: _text(value, most=LONGEST_NOTE) for name, value in each.items() if name in DECIDED}
        for each in _rows(row.get("decisions", []))
    ]
    return found


_FLAGS = ("never_public", "answers", "locked")
_MOMENTS = ("published_at", "withdrawn_at", "picked_at")
DECIDED = ("at", "by", "how", "act", "seen", "after", "reason", "told", "note")


def _text(value: Any, most: int | None = None) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{str(value)[:40]!r} is no text")
    if most is not None and len(value) > most:
        raise ValueError(f"{value[:40]!r}... is longer than {most} characters")
    return value


def _rows(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise TypeError(f"{str(value)[:40]!r} is no list of objects")
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{str(value)[:40]!r} is neither true nor false")
    return value


def _whole(value: Any) -> int:
    if not isinstance(value, int) or not 0 <= value < 2**31:
        raise TypeError(f"{str(value)[:40]!r} is no number of readers")
    return value


def _stars(value: Any) -> int | None:
    if value is not None and (not isinstance(value, int) or value not in STARS):
        raise ValueError(f"{str(value)[:40]!r} is no number of stars")
    return value


def _written(value: Any) -> str:
    """A moment as it is written, once it is known to be one."""
    instant(_text(value))
    return str(value)


def _moment(value: Any) -> datetime | None:
    return instant(_text(value)) if value else None


def _without_nothing(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {name: _without_nothing(each) for name, each in value.items()}
        return {name: each for name, each in kept.items() if each not in (None, "", [], {}) and each is not False}
    return [_without_nothing(each) for each in value] if isinstance(value, list) else value


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value)
