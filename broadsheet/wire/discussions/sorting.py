"""A file's records in a table of their own while they are put in order: by story, by time, parents before children.

The table is an SQLite file that only this process can read and that is gone afterwards, so a million comments take no
memory; and the newsroom's database is not touched before all of the file has been read.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, fields
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from broadsheet.core.refusals import Unacceptable
from broadsheet.wire.discussions.found import FoundComment, FoundPage, FoundPerson, FoundStory, State

_MOMENTS = ("published_at", "closed_at", "joined_at", "written_at", "edited_at")
PREFIX = "import-"
LEFT_FOR = 24 * 3600  # seconds after which a folder can belong to no import that still reads its file
_COMMENT = tuple(each.name for each in fields(FoundComment))
_TABLES = """
    PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = FILE; PRAGMA cache_size = -65536;
    CREATE TABLE story (n INTEGER PRIMARY KEY, id TEXT UNIQUE, target INTEGER, row TEXT);
    CREATE TABLE person (id TEXT PRIMARY KEY, email TEXT, row TEXT) WITHOUT ROWID;
    CREATE INDEX person_email ON person (email);
    CREATE TABLE comment (n INTEGER PRIMARY KEY, id TEXT UNIQUE, story TEXT, parent TEXT, at REAL, row TEXT);
"""
# Whoever answers nothing that is in the file begins; what follows stands behind it, whatever its clock says. What is
# never reached answers itself in a ring.
_PLACED = """
    CREATE INDEX comment_parent ON comment (parent) WHERE parent <> '';
    CREATE TABLE placed AS
    WITH RECURSIVE chain (n, id, target, at, level) AS (
        SELECT comment.n, comment.id, story.target, comment.at, 0
        FROM comment JOIN story ON story.id = comment.story
        WHERE NOT EXISTS (
            SELECT 1 FROM comment AS above JOIN story AS its ON its.id = above.story
            WHERE above.id = comment.parent AND its.target IS story.target
        )
        UNION ALL
        SELECT comment.n, comment.id, chain.target, max(comment.at, chain.at), chain.level + 1
        FROM chain JOIN comment ON comment.parent = chain.id AND comment.parent <> ''
        JOIN story ON story.id = comment.story AND story.target IS chain.target
    )
    SELECT target, at, level, n FROM chain;
    CREATE INDEX placed_order ON placed (target, at, level, n);
    CREATE INDEX placed_number ON placed (n);
"""


class Row(NamedTuple):
    """A comment with its mark: another one says that something about it has changed in the file."""

    found: FoundComment
    mark: str


class Staging:
    """The records of one file."""

    def __init__(self, base: sqlite3.Connection, by_file: bool) -> None:
        self._base, self._by_file = base, by_file
        self._taken = 0

    def add_story(self, story: FoundStory) -> bool:
        """Whether it is the first of that number."""
        row = json.dumps(asdict(story), default=_plain)
        return self._base.execute("INSERT OR IGNORE INTO story (id, row) VALUES (?, ?)", (story.id, row)).rowcount > 0

    def add_person(self, person: FoundPerson) -> None:
        """The latest of a number counts: the format lists nobody twice."""
        row = json.dumps(asdict(person), default=_plain)
        self._base.execute("INSERT OR REPLACE INTO person VALUES (?, ?, ?)", (person.id, _folded(person.email), row))

    def add_comment(self, comment: FoundComment) -> bool:
        """Whether it is the first of that number."""
        row = json.dumps({name: getattr(comment, name) for name in _COMMENT}, default=_plain, ensure_ascii=False)
        self._taken += 1
        at = float(self._taken) if self._by_file else comment.written_at.timestamp()
        values = (comment.id, comment.story, comment.parent, at, row)
        added = self._base.execute(
            "INSERT OR IGNORE INTO comment (id, story, parent, at, row) VALUES (?, ?, ?, ?, ?)", values
        )
        return added.rowcount > 0

    def lists(self, person: str) -> bool:
        """Whether the file lists somebody under that number."""
        return self._base.execute("SELECT 1 FROM person WHERE id = ?", (person,)).fetchone() is not None

    def shares_address(self, person: FoundPerson) -> bool:
        """Whether the file lists somebody else with the same address."""
        asked = "SELECT 1 FROM person WHERE email = ? AND id <> ? LIMIT 1"
        return bool(person.id) and self._base.execute(asked, (_folded(person.email), person.id)).fetchone() is not None

    def has(self, number: str) -> bool:
        """Whether the file holds a comment of that number that has its place."""
        asked = "SELECT 1 FROM comment JOIN placed ON placed.n = comment.n WHERE comment.id = ?"
        return self._base.execute(asked, (number,)).fetchone() is not None

    def people(self) -> Iterator[FoundPerson]:
        """Everybody whom the file lists."""
        for (row,) in self._base.cursor().execute("SELECT row FROM person ORDER BY id"):
            yield FoundPerson(**_read(row))

    def stories(self) -> Iterator[tuple[FoundStory, int, float | None]]:
        """Each story with how many comments the file has under it, and the moment of the first (seconds)."""
        self._base.execute("CREATE INDEX IF NOT EXISTS comment_story ON comment (story, at)")
        asked = """SELECT n, row, (SELECT count(*) FROM comment WHERE comment.story = story.id),
                   (SELECT min(at) FROM comment WHERE comment.story = story.id)
                   FROM story WHERE n > ? ORDER BY n LIMIT 1"""
        last = 0
        while found := self._base.execute(asked, (last,)).fetchone():  # whoever asks writes there meanwhile
            last, row, number, first = found
            yield _story(row), number, None if self._by_file else first

    def put(self, story: str, target: int | None) -> None:
        """Where a story's comments go; None: nowhere."""
        self._base.execute("UPDATE story SET target = ? WHERE id = ?", (target, story))

    def homeless(self) -> Iterator[str]:
        """The numbers of comments under something that the file does not hold."""
        asked = "SELECT id FROM comment WHERE NOT EXISTS (SELECT 1 FROM story WHERE story.id = comment.story)"
        yield from (number for (number,) in self._base.execute(asked))

    def place(self) -> None:
        """Put every comment in order, once all stories have their targets."""
        self._base.executescript(_PLACED)

    def rings(self) -> Iterator[str]:
        """The numbers of comments that answer themselves, one by way of the other."""
        asked = """SELECT comment.id FROM comment JOIN story ON story.id = comment.story
                   WHERE NOT EXISTS (SELECT 1 FROM placed WHERE placed.n = comment.n)"""
        yield from (number for (number,) in self._base.execute(asked))

    def batches(self, most: int) -> Iterator[tuple[int, list[Row]]]:
        """Comments in the order in which they are to come in, so many of one story at a time."""
        asked = """SELECT placed.target, comment.row FROM placed JOIN comment ON comment.n = placed.n
                   WHERE placed.target IS NOT NULL ORDER BY placed.target, placed.at, placed.level, placed.n"""
        target, batch = 0, list[Row]()
        for found, row in self._base.execute(asked):
            if batch and (found != target or len(batch) >= most):
                yield target, batch
                batch = []
            target = found
            batch.append(Row(FoundComment(**_read(row)), blake2b(row.encode(), digest_size=16).hexdigest()))
        if batch:
            yield target, batch

    def last_moment(self, target: int) -> float:
        """When the last comment of a story was written (seconds)."""
        asked = "SELECT max(at) FROM placed WHERE target = ?"
        return float(self._base.execute(asked, (target,)).fetchone()[0] or 0)


@contextmanager
def staging(folder: Path, *, by_file: bool) -> Iterator[Staging]:
    """A place for one file's records, in a folder with room for as much again; nothing of it stays.

    `by_file` orders comments as the file does, and not by their moments: our own pages' numbers are in that order.
    """
    _sweep(folder)
    with (
        tempfile.TemporaryDirectory(prefix=PREFIX, dir=folder) as place,
        closing(sqlite3.connect(f"{place}/rows", isolation_level=None)) as base,
    ):
        try:
            base.executescript(_TABLES)
            yield Staging(base, by_file)
        except sqlite3.OperationalError as fault:
            raise Unacceptable(
                f"It cannot be put in order in {folder} ({fault}): it needs as much room there as it has unpacked."
            ) from None


def _sweep(folder: Path) -> None:
    """Remove what an import left that was killed: it is a copy of what other people wrote."""
    for left in folder.glob(f"{PREFIX}*"):
        with suppress(OSError):
            if left.stat().st_mtime < time.time() - LEFT_FOR:
                shutil.rmtree(left, ignore_errors=True)


def _folded(address: str) -> str:
    return address.strip().casefold()


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value)} cannot be kept")


def _read(row: str) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(row)
    for name in _MOMENTS:
        if facts.get(name):
            facts[name] = datetime.fromisoformat(facts[name])
    if "state" in facts:
        facts["state"] = State(facts["state"])
    return facts


def _story(row: str) -> FoundStory:
    facts = _read(row)
    if page := facts["page"]:
        facts["page"] = FoundPage(**{**page, "categories": tuple(page["categories"]), "tags": tuple(page["tags"])})
    return FoundStory(**facts)
