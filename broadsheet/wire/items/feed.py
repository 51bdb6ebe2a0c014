"""A feed as RSS 2.0 and JSON Feed 1.1 know it: one list of items, and what it is a list of. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from broadsheet.wire.items.item import Item


@dataclass(frozen=True)
class Entry:
    """An item in a feed; `page` is the whole story as HTML, empty where the newsroom gives summaries."""

    item: Item
    page: str = ""


@dataclass(frozen=True)
class Feed:
    """The newest stories of a paper, a section, a topic or a person."""

    title: str
    description: str
    page: str  # the address of the page that lists the same
    address: str  # the feed's own
    language: str
    provider: str
    provider_address: str
    icon: str = ""
    hubs: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()

    @property
    def changed(self) -> datetime | None:
        """The moment of the newest version in it."""
        return max((entry.item.changed for entry in self.entries if entry.item.changed), default=None)
