"""What a public page depends on: the versions of its tags, and the moment at which time alone changes it."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.db import transaction

from broadsheet.core.bell import bell
from broadsheet.delivery.models import Version

CALM = 1.0  # seconds between two announcements of what may be seen a moment late
MOST_CALM = 10_000  # tags remembered for that


def touch(*tags: str) -> None:
    """Say, inside the transaction that changes something public, that every page under these tags is stale.

    They are stale from its commit on, in every process of this machine at once and elsewhere within a second. Locks
    the rows of these tags until then: name them all in one call.
    """
    transaction.on_commit(partial(_announce, _move_on(tags)))


def touch_calmly(*tags: str) -> None:
    """As `touch`, for what may be seen a moment late where it happens often: a number that twenty a second count up.

    The first is announced at once; what follows within a second is announced together at its end. A page made twenty
    times a second for a number nobody reads so quickly would leave a busy story's readers one in ten of their answers.
    """
    transaction.on_commit(partial(_calm.announce, _move_on(tags)))


def _move_on(tags: tuple[str, ...]) -> list[str]:
    """Give each tag its next version, in the transaction that is under way."""
    names = sorted(set(tags))  # sorted, so that two transactions lock the same rows in the same order
    Version.objects.bulk_create(
        [Version(tag=name, number=secrets.randbits(62)) for name in names],
        update_conflicts=True,
        unique_fields=["tag"],
        update_fields=["number"],
    )
    return names


# Called with the tags after the commit and before the bell: a server makes its most read pages anew here, while readers
# still get the old ones, so that nobody waits. The change is acknowledged after that.
before_ringing: list[Callable[[list[str]], None]] = []


def _announce(names: list[str]) -> None:
    try:
        for prepare in before_ringing:
            prepare(names)
    finally:
        bell().ring(*names)


class Calm:
    """Announces the same tags once a second at most. What is lost with the process is found by looking (`store`)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next: dict[str, float] = {}  # by tags: when they may be announced again
        self._waiting: set[str] = set()

    def announce(self, names: list[str]) -> None:
        """Now, or together with others within a second."""
        key, now = ",".join(names), time.monotonic()
        with self._lock:
            if key in self._waiting:
                return
            at = max(now, self._next.get(key, now))
            if len(self._next) >= MOST_CALM:
                self._next.clear()
            self._next[key] = at + CALM
            if later := at > now:
                self._waiting.add(key)
        if later:
            timer = threading.Timer(at - now, self._announce_later, [key, names])
            timer.daemon = True
            timer.start()
        else:
            _announce(names)

    def _announce_later(self, key: str, names: list[str]) -> None:
        with self._lock:
            self._waiting.discard(key)  # before looking at what is committed by now: what comes later is not in it
        _announce(names)


_calm = Calm()


def versions(tags: tuple[str, ...]) -> dict[str, int]:
    """The present version of each tag; one query. A tag that never changed has version 0."""
    found = dict(Version.objects.filter(tag__in=tags).values_list("tag", "number"))
    return {tag: found.get(tag, 0) for tag in tags}


class Freshness:
    """Collects, while a page is made, what it depends on.

    `look` at the tags *before* reading what they stand for: a change in between then makes the page stale, not wrong.
    """

    def __init__(self) -> None:
        self.seen: dict[str, int] = {}  # versions in the database
        self.heard: dict[str, int] = {}  # versions on this machine's bell
        self.ends: datetime | None = None
        self.began = time.monotonic()  # seconds; nothing was read before

    def look(self, *tags: str) -> None:
        """Note the versions of these tags; one query."""
        new = tuple(tag for tag in tags if tag not in self.seen)
        self.heard.update({tag: bell().heard(tag) for tag in new})
        self.seen.update(versions(new))

    def until(self, *moments: datetime | None) -> None:
        """Note moments at which the page changes by itself: an embargo ends, a discussion closes."""
        for moment in moments:
            if moment and (self.ends is None or moment < self.ends):
                self.ends = moment
