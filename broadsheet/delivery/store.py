"""The pages kept ready in this process: which of them still hold, and at most so many bytes of them."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable

from django.db import DatabaseError

from broadsheet.core.bell import bell
from broadsheet.core.connections import renew_connection
from broadsheet.delivery.freshness import versions
from broadsheet.delivery.ready import ReadyPage

log = logging.getLogger("broadsheet.delivery")

MOST_BYTES = 64 * 1024 * 1024  # about 4,000 story pages; an archive's long tail is made anew when somebody asks
CHECK_AFTER = 1.0  # seconds: a change whose bell we could not hear is seen this soon
SERVED_BLIND = 60.0  # seconds: without its database the paper stays readable this long
RETRY_AFTER = 2.0  # seconds between questions to a database that does not answer

Versions = Callable[[tuple[str, ...]], dict[str, int]]


def _ask(tags: tuple[str, ...]) -> dict[str, int]:
    renew_connection()
    return versions(tags)


class ReadyPages:
    """Kept pages by key. `ask` looks up the present versions, `clock` tells the time of day, `ticks` only goes on."""

    def __init__(
        self,
        most_bytes: int = MOST_BYTES,
        *,
        ask: Versions = _ask,
        clock: Callable[[], float] = time.time,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pages: dict[str, ReadyPage] = {}
        self._lock = threading.Lock()
        self._bytes = 0
        self._most_bytes = most_bytes
        self._ask, self._clock, self._ticks = ask, clock, ticks
        self._away_until = 0.0
        self._bell = bell()

    def __len__(self) -> int:
        return len(self._pages)

    def get(self, key: str) -> ReadyPage | None:
        """The page under this key if it still holds. In the usual case this reads two clocks and one bell slot."""
        page = self._pages.get(key)
        if page is None:
            return None
        now = self._ticks()
        if page.heard_any == self._bell.heard_any() and now < page.check_at and self._clock() < page.ends:
            page.used_at = now
            return page
        if self._holds(page, now):
            return page
        self._drop(key, page)
        return None

    def put(self, key: str, page: ReadyPage) -> None:
        """Keep a page; those unused longest make room for it."""
        page.used_at = self._ticks()
        with self._lock:
            old = self._pages.pop(key, None)
            self._bytes += page.size - (old.size if old else 0)
            self._pages[key] = page
            if self._bytes > self._most_bytes:
                self._make_room()

    def depending(self, tags: Iterable[str], used_since: float) -> list[str]:
        """The keys of pages under any of these tags that somebody has read since that tick, the latest read first."""
        names = set(tags)
        found = [
            (page.used_at, key)
            for key, page in list(self._pages.items())
            if page.used_at >= used_since and not names.isdisjoint(page.seen)
        ]
        return [key for _, key in sorted(found, reverse=True)]

    def _holds(self, page: ReadyPage, now: float) -> bool:
        """The bell only says that it is worth looking; the versions in the database decide."""
        if self._clock() >= page.ends:
            return False
        any_heard = self._bell.heard_any()  # before the single tags: a ring between the two is heard next time
        page.used_at = now
        if self._rung(page) and not self._still_so(page, now):
            return False
        page.heard_any = any_heard
        return now < page.check_at or self._database_agrees(page, now)

    def _rung(self, page: ReadyPage) -> bool:
        return any(self._bell.heard(tag) != number for tag, number in page.heard)

    def _still_so(self, page: ReadyPage, now: float) -> bool:
        """Whether a page whose bell was rung is the present one all the same, made anew before the ring (`ahead`).

        Readers of the page wait here for the one who asks; nobody is sent what may be old.
        """
        with page.asking:
            if page.is_stale or not self._rung(page):
                return not page.is_stale  # another thread has asked
            heard = tuple((tag, self._bell.heard(tag)) for tag, _ in page.heard)  # before asking
            try:
                page.is_stale = self._ask(tuple(page.seen)) != page.seen
            except DatabaseError:
                return False
            if page.is_stale:
                return False
            page.heard, page.checked_at, page.check_at = heard, now, now + CHECK_AFTER
            return True

    def _database_agrees(self, page: ReadyPage, now: float) -> bool:
        with page.asking:
            if now < page.check_at:
                return True  # another thread has asked
            page.check_at = now + CHECK_AFTER
        if now < self._away_until:
            return now - page.checked_at < SERVED_BLIND
        try:
            agrees = self._ask(tuple(page.seen)) == page.seen
        except DatabaseError as fault:
            self._away_until = self._ticks() + RETRY_AFTER
            log.warning("The database does not answer (%s); pages are served as they are.", fault)
            return now - page.checked_at < SERVED_BLIND
        page.checked_at = now
        return agrees

    def _drop(self, key: str, page: ReadyPage) -> None:
        with self._lock:
            if self._pages.get(key) is page:
                del self._pages[key]
                self._bytes -= page.size

    def _make_room(self) -> None:
        """Down to nine tenths, so that this sorting is rare."""
        for key in sorted(self._pages, key=lambda key: self._pages[key].used_at):
            if self._bytes <= self._most_bytes * 0.9:
                return
            self._bytes -= self._pages.pop(key).size
