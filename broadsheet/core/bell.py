"""The bell: tells every process of this machine, at once, that what a tag stands for has changed. It carries no data.

A small file mapped into each process holds one number a slot; ringing writes a new number into the tag's slot and then
into slot 0, which changes with every ring. Reading costs a tenth of a microsecond: the edge can ask on every request.
Two tags may share a slot: then one ring too many is heard, never one too few. Between machines nothing is sent: whoever
listens also looks at the database once a second (docs/decisions/0005).
"""

from __future__ import annotations

import mmap
import secrets
import zlib
from functools import cache, lru_cache
from pathlib import Path

from django.conf import settings

SLOTS = 65536  # half a megabyte; two of a thousand busy threads then share a slot about eight times
_ANY, _TRIAL = 0, SLOTS - 1  # the slots that belong to no tag


class Bell:
    """One mapped file; every process that opens the same path shares it.

    Numbers are random rather than counted: two processes that ring at once may overwrite each other, but never write
    back the number a listener has already heard.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b") as file:
            if path.stat().st_size != SLOTS * 8:
                file.truncate(SLOTS * 8)
            self._slots = memoryview(mmap.mmap(file.fileno(), SLOTS * 8)).cast("Q")

    def ring(self, *tags: str) -> None:
        """Say that these tags have changed; call it after the commit, never before."""
        for tag in tags:
            self._slots[_slot(tag)] = secrets.randbits(63)
        self._slots[_ANY] = secrets.randbits(63)  # last: who hears this one finds the others already rung

    def heard(self, tag: str) -> int:
        """A number that is another one after each ring of this tag."""
        return self._slots[_slot(tag)]

    def heard_any(self) -> int:
        """A number that is another one after each ring of any tag. Ask for it before asking for single tags."""
        return self._slots[_ANY]

    def try_it(self) -> bool:
        """True when what is written here can be read back; rings no tag."""
        number = secrets.randbits(63)
        self._slots[_TRIAL] = number
        return self._slots[_TRIAL] == number


@lru_cache(maxsize=65536)  # bounded: the stream asks for whatever thread number a stranger types
def _slot(tag: str) -> int:
    return 1 + zlib.crc32(tag.encode()) % (SLOTS - 2)


@cache
def bell() -> Bell:
    """This newsroom's bell."""
    return Bell(settings.RUN_DIR / "bell")
