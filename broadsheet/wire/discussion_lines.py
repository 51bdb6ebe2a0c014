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

from broadsheet.wire.found import (
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
_FACTS = (
    "published_at", "withdrawn_at", "picked_at", "badge", "badge_label", "locked", "language", "earlier", "respects",
    "respected", "reason", "decisions",
)  # fmt: skip


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


def opening(site: str) -> dict[str, Any]:
    """The first line. It names no moment: the same discussion is the same file."""
    return {"format": FORMAT, "version": VERSION, "site": site}


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
        facts=discussion,
    )


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
        rating=rating if rating in {1, 2, 3, 4, 5} else None,
        facts={name: row[name] for name in _FACTS if name in row},
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{str(value)[:40]!r} is no text")
    return value


def _moment(value: Any) -> datetime | None:
    return instant(_text(value)) if value else None


def _without_nothing(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {name: _without_nothing(each) for name, each in value.items()}
        return {name: each for name, each in kept.items() if each not in (None, "", [], {}, False)}
    return [_without_nothing(each) for each in value] if isinstance(value, list) else value


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value)
