"""What readers of other systems' files find, in Broadsheet's words: stories, people, comments. Plain and immutable."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from typing import Any


class UnreadableFile(ValueError):
    """The file, or what is left of it, is not what its format promises; the message says where."""


class State(StrEnum):
    """What had become of a comment where it was written."""

    PUBLISHED = "published"
    PENDING = "pending"  # it waited for a moderator
    SPAM = "spam"  # taken for advertising, by a filter or a person
    REJECTED = "rejected"  # removed, or thrown into the bin
    WITHDRAWN = "withdrawn"  # deleted: its place is kept for its replies


@dataclass(frozen=True, slots=True)
class FoundPage:
    """The story itself, where the file holds it (WordPress)."""

    html: str
    standfirst: str
    slug: str
    author: str
    categories: tuple[str, ...]
    tags: tuple[str, ...]
    why_not: str = ""  # what keeps it from readers: "private", "draft" ...

    @property
    def is_public(self) -> bool:
        """Whether readers could read it there."""
        return not self.why_not


@dataclass(frozen=True, slots=True)
class FoundStory:
    """Something that was commented on, by its address there."""

    id: str
    address: str
    headline: str
    published_at: datetime | None = None
    closed: bool = False
    closed_at: datetime | None = None
    mode: str = ""  # discussion.models.Mode, where it is not that of comments
    page: FoundPage | None = None
    facts: dict[str, Any] | None = None  # of our own format: what else is to be kept of the discussion


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """Somebody who wrote there, where the file lists people."""

    id: str
    name: str
    email: str = ""
    banned: bool = False
    role: str = ""
    joined_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FoundComment:
    """One comment as it stands in the file."""

    id: str
    story: str  # the number of what it was written under
    name: str
    words: str
    written_at: datetime
    parent: str = ""
    person: str = ""  # who wrote it, by the other system's number or name for them
    email: str = ""
    is_html: bool = True
    state: State = State.PUBLISHED
    edited_at: datetime | None = None
    rating: int | None = None
    facts: dict[str, Any] | None = None  # of our own format: picks, earlier words, respects ...


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that stands among comments and is none: a pingback, a note for colleagues."""

    id: str
    kind: str


@dataclass(frozen=True, slots=True)
class Unusable:
    """Something that cannot be brought in as it is, and why."""

    id: str
    why: str


@dataclass(frozen=True, slots=True)
class Lost:
    """Something of a comment or story that has no place here: counted, and named in the report."""

    what: str


Found = FoundStory | FoundPerson | FoundComment | LeftOut | Unusable | Lost


class NoMoment(ValueError):
    """No exact instant can be made of these words; the message says why."""


def instant(words: str, zone: tzinfo | None = None) -> datetime:
    """The instant that ISO 8601, or a database's "2014-02-08 18:05:00", names; in UTC whatever machine reads it.

    Without a zone of its own it is local to `zone`. Raises NoMoment: nothing is guessed.
    """
    if not words.strip():
        raise NoMoment("it has no moment")
    try:
        moment = datetime.fromisoformat(words.strip())
    except ValueError:
        raise NoMoment(f"“{words.strip()[:40]}” is no moment") from None
    if moment.tzinfo is None:
        if zone is None:
            raise NoMoment("its moment is local to a zone that the file does not name: give --zone")
        moment = moment.replace(tzinfo=zone)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise NoMoment(f"“{words.strip()[:40]}” is no moment") from None
