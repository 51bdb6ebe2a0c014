"""A story as the wire knows it: what every format is written from and read into."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

USABLE, WITHHELD, CANCELED = "usable", "withheld", "canceled"
REPORTING, WRITING, ADDITIONAL, EDITING, PHOTOGRAPHY = "reporting", "writing", "additional", "editing", "photography"
# What formats and agencies call somebody's part in a story, and what we do.
ROLES = {
    **{role: role for role in (REPORTING, WRITING, ADDITIONAL, EDITING, PHOTOGRAPHY)},
    "author": REPORTING,
    "reporter": REPORTING,
    "creator": REPORTING,
    "correspondent": REPORTING,
    "writer": WRITING,
    "contributor": ADDITIONAL,
    "editor": EDITING,
    "photographer": PHOTOGRAPHY,
}
CORRECTION, CLARIFICATION, UPDATE, WITHDRAWAL = "correction", "clarification", "update", "withdrawal"
NOTICES = (CORRECTION, CLARIFICATION, UPDATE, WITHDRAWAL)


class UnreadableItem(ValueError):
    """The file is no item of this format; the message is a sentence that says why."""


@dataclass(frozen=True)
class Named:
    """A section or a topic."""

    name: str
    uri: str = ""


@dataclass(frozen=True)
class Contributor:
    """One person's part in a story; `role` is one of ours."""

    role: str
    name: str
    uri: str = ""


@dataclass(frozen=True)
class Rendition:
    """One size of a picture, and where it is served."""

    address: str
    width: int = 0
    height: int = 0
    media_type: str = "image/jpeg"


@dataclass(frozen=True)
class PictureItem:
    """A picture of a story with the facts it must be printed with; the first of a story leads it."""

    uri: str
    caption: str = ""
    alt: str = ""
    creator: str = ""
    credit: str = ""
    copyright_notice: str = ""
    rights_page: str = ""
    renditions: tuple[Rendition, ...] = ()

    @property
    def widest(self) -> Rendition | None:
        return max(self.renditions, key=lambda one: one.width, default=None)


@dataclass(frozen=True)
class Note:
    """A dated notice to the reader."""

    kind: str
    text: str
    made_at: datetime


@dataclass(frozen=True)
class Item:
    """One version of one story. A canceled one has no more than its names, its moment and what is said of it."""

    uri: str  # never changes
    version: str = "1"  # grows with each release; a whole number where we made it
    status: str = USABLE
    language: str = ""
    headline: str = ""
    standfirst: str = ""
    slugline: str = ""
    byline: str = ""
    contributors: tuple[Contributor, ...] = ()
    place: str = ""
    agency: str = ""
    first_published: datetime | None = None
    changed: datetime | None = None  # the moment of this version
    embargoed_until: datetime | None = None
    urgency: int | None = None
    section: Named | None = None
    topics: tuple[Named, ...] = ()
    body: str = ""  # HTML as core.text.wire_html leaves it, every address whole
    pictures: tuple[PictureItem, ...] = ()
    notes: tuple[Note, ...] = ()
    address: str = ""  # the story's page
    provider: str = ""
    provider_address: str = ""
    comments: int | None = None
    discussion: str = ""  # the address of its discussion
    # What a reader of a format found and this has no place for, in sentences; no part of the item itself.
    remarks: tuple[str, ...] = field(default=(), compare=False)

    @property
    def dateline(self) -> str:
        """SOCHI, Russia (Reuters)"""
        return f"{self.place} ({self.agency})" if self.place and self.agency else self.place

    @property
    def names(self) -> list[str]:
        """Who stands under the headline."""
        named = [one.name for one in self.contributors if one.role in (REPORTING, WRITING)]
        named = named or [one.name for one in self.contributors if one.role == PHOTOGRAPHY]
        return list(dict.fromkeys(named))


def names_in_byline(byline: str) -> list[str]:
    """["Paulo Santalucia", "Frances d'Emilio"] of "By Paulo Santalucia and Frances d'Emilio"; empty in doubt."""
    words = re.sub(r"^by\s+", "", byline.strip(), flags=re.IGNORECASE)
    names = [name.strip(" .,;") for name in re.split(r",\s+and\s+|\s+and\s+|\s+&\s+|,\s+|;\s*", words)]
    return names if all(_is_name(name) for name in names) else []


def _is_name(words: str) -> bool:
    return 2 <= len(words) <= 120 and len(words.split()) <= 5 and not re.search(r"[\d@:/(]", words)
