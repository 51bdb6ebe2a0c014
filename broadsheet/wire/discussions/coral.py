"""Coral's fixed CSV format: users.csv, stories.csv and comments.csv, without headers, every column present."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from broadsheet.wire.discussions import archives
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

SOURCE = "coral"
USERS = ("id", "email", "username", "role", "banned", "created_at")
STORIES = ("id", "url", "title", "author", "published_at", "closed_at", "mode")
COMMENTS = ("id", "author_id", "story_id", "created_at", "body", "parent_id", "status", "rating")
LONGEST_FIELD = 2**20  # characters: twenty times the longest comment that an import takes
LONGEST_LINE = 2 * LONGEST_FIELD
MODES = {"COMMENTS": "", "QA": "questions", "RATINGS_AND_REVIEWS": "reviews"}
STATES = {"APPROVED": State.PUBLISHED, "NONE": State.PUBLISHED, "": State.PUBLISHED, "REJECTED": State.REJECTED,
          "PREMOD": State.PENDING, "SYSTEM_WITHHELD": State.PENDING}  # fmt: skip


def read(folder: Path) -> Iterator[Found]:
    """People, stories and comments, in this order. Raises UnreadableFile with the file and its line."""
    if not folder.is_dir():
        raise UnreadableFile("it is no folder; it is to hold users.csv, stories.csv and comments.csv")
    names: dict[str, str] = {}
    for row in _rows(folder / "users.csv", USERS):
        person = _person(row)
        if isinstance(person, FoundPerson):
            names[person.id] = person.name
        yield person
    for row in _rows(folder / "stories.csv", STORIES):
        yield _story(row)
    for row in _rows(folder / "comments.csv", COMMENTS):
        yield _comment(row, names)


def _rows(file: Path, columns: tuple[str, ...]) -> Iterator[dict[str, str]]:
    with archives.opened(_found(file)) as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
        before = csv.field_size_limit(LONGEST_FIELD)
        lines = csv.reader(_capped(text, file.name), strict=True)
        try:
            while True:
                csv.field_size_limit(LONGEST_FIELD)  # one for the whole process, and this is a generator
                row = next(lines, None)
                if row is None:
                    return
                if row and len(row) != len(columns):
                    why = f"{len(row)} columns, and not {len(columns)} ({', '.join(columns)})"
                    raise UnreadableFile(f"{file.name}, line {lines.line_num:,}: it has {why}")
                if row:
                    yield dict(zip(columns, (cell.strip() for cell in row), strict=True))
        except csv.Error as fault:
            raise UnreadableFile(f"{file.name}, line {lines.line_num:,}: it is no CSV ({fault})") from None
        except UnicodeDecodeError as fault:
            where = f"{file.name}, after line {lines.line_num:,}"
            raise UnreadableFile(f"{where}: it is not UTF-8 (byte 0x{fault.object[fault.start]:02x})") from None
        finally:
            csv.field_size_limit(before)


def _found(file: Path) -> Path:
    """The file, or the same gzipped."""
    packed = file.with_name(f"{file.name}.gz")
    if not file.exists() and not packed.exists():
        raise UnreadableFile(f"there is no {file.name} in the folder")
    return file if file.exists() else packed


def _capped(text: io.TextIOWrapper, name: str) -> Iterator[str]:
    """The lines, none of which is longer than memory likes."""
    number = 0
    while line := text.readline(LONGEST_LINE):
        number += 1
        if len(line) >= LONGEST_LINE:
            raise UnreadableFile(f"{name}, line {number:,}: it is longer than {LONGEST_LINE:,} characters")
        yield line


def _person(row: dict[str, str]) -> Found:
    if not row["id"]:
        return Unusable("", "a user has no number")
    return FoundPerson(
        id=row["id"],
        name=row["username"],
        email=row["email"],
        banned=_is(row["banned"]),
        role="" if row["role"].upper() in {"", "COMMENTER"} else row["role"].upper(),
        joined_at=_maybe(row["created_at"]),
    )


def _story(row: dict[str, str]) -> Found:
    if not row["id"]:
        return Unusable("", "a story has no number")
    closed_at = _maybe(row["closed_at"])
    return FoundStory(
        id=row["id"],
        address=row["url"],
        headline=row["title"],
        published_at=_maybe(row["published_at"]),
        closed=closed_at is not None,
        closed_at=closed_at,
        mode=MODES.get(row["mode"].upper(), ""),
    )


def _comment(row: dict[str, str], names: dict[str, str]) -> Found:
    number = row["id"]
    if not number or not row["story_id"]:
        return Unusable(number, "it belongs to no story" if number else "a comment has no number")
    status = row["status"].upper()
    if status not in STATES:
        return Unusable(number, f"its status {row['status'][:30]!r} is none of {', '.join(filter(None, STATES))}")
    try:
        written_at = instant(row["created_at"])
    except NoMoment as fault:
        return Unusable(number, str(fault))
    rating = row["rating"]
    return FoundComment(
        id=number,
        story=row["story_id"],
        parent=row["parent_id"],
        person=row["author_id"],
        name=names.get(row["author_id"], ""),
        words=row["body"],
        written_at=written_at,
        state=STATES[status],
        rating=int(rating) if rating in {"1", "2", "3", "4", "5"} else None,
    )


def _maybe(words: str) -> datetime | None:
    try:
        return instant(words) if words else None
    except NoMoment:
        return None


def _is(words: str) -> bool:
    return words.casefold() in {"true", "1", "yes"}


def write_row(cells: Iterable[object]) -> str:
    """One line of such a file: as it is and not for a spreadsheet, which would find apostrophes in it."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(["" if cell is None else cell for cell in cells])
    return out.getvalue()
