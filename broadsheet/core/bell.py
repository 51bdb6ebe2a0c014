"""The bell: tells every process of this machine, at once, that what a tag stands for has changed. It carries no data.

A small file mapped into each process holds one number a slot; ringing writes a new number into the tag's slot and into
slot 0, which changes with every ring. Reading costs a tenth of a microsecond, so the edge can ask on every request.
Two tags may share a slot: then one ring too many is heard, never one too few. Between machines nothing is sent: whoever
listens also looks at the database once a second (docs/decisions/0005).
"""

from __future__ import annotations

import mmap
import secrets
import zlib
from functools import cache
from pathlib import Path

from django.conf import settings

SLOTS = 65536


class Bell:
    """One mapped file; every process that opens the same path shares it."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b") as file:
            file.truncate(SLOTS * 8)
            self._slots = memoryview(mmap.mmap(file.fileno(), SLOTS * 8)).cast("Q")

    def ring(self, *tags: str) -> None:
        """Say that these tags have changed; call it after the commit, never before."""
        for tag in tags:
            self._slots[_slot(tag)] = secrets.randbits(63)
        self._slots[0] = secrets.randbits(63)

    def heard(self, tag: str) -> int:
        """A number that is another one after each ring of this tag."""
        return self._slots[_slot(tag)]

    def heard_any(self) -> int:
        """A number that is another one after each ring of any tag."""
        return self._slots[0]


@cache
def _slot(tag: str) -> int:
    return 1 + zlib.crc32(tag.encode()) % (SLOTS - 1)


@cache
def bell() -> Bell:
    """This newsroom's bell."""
    return Bell(settings.RUN_DIR / "bell")
