"""What becomes of one item that comes in, as it is imported and for the report."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from broadsheet.core.refusals import Unacceptable
from broadsheet.core.text import readable
from broadsheet.stories.models import Picture, Story
from broadsheet.wire.items.item import Item


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

    def fitting(self, text: str, most: int, what: str, *, lines: bool = False) -> str:
        """The text, or nothing where it cannot be stored; that is noted."""
        try:
            return readable(text, most=most, what=what, lines=lines)
        except Unacceptable as refusal:
            self.notes.append(f"Left out: {refusal.sentence}")
            return ""


@dataclass(frozen=True)
class Orders:
    """How to import: where new stories go, whether to publish what lacks nothing, and where the pictures lie."""

    section: str = ""
    publish: bool = False
    pictures: Path | None = None
    dry_run: bool = False
