"""What a public page depends on: the versions of its tags, and the moment at which time alone changes it."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.db import transaction

from broadsheet.core.bell import bell
from broadsheet.delivery.models import Version


def touch(*tags: str) -> None:
    """Say, inside the transaction that changes something public, that every page under these tags is stale.

    They are stale from its commit on, in every process of this machine at once and elsewhere within a second. Locks
    the rows of these tags until then: name them all in one call.
    """
    names = sorted(set(tags))  # sorted, so that two transactions lock the same rows in the same order
    Version.objects.bulk_create(
        [Version(tag=name, number=secrets.randbits(62)) for name in names],
        update_conflicts=True,
        unique_fields=["tag"],
        update_fields=["number"],
    )
    transaction.on_commit(partial(_announce, names))


# Called with the tags after the commit and before the bell: a server makes its most read pages anew here, while readers
# still get the old ones, so that nobody waits. The change is acknowledged after that.
before_ringing: list[Callable[[list[str]], None]] = []


def _announce(names: list[str]) -> None:
    try:
        for prepare in before_ringing:
            prepare(names)
    finally:
        bell().ring(*names)


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
