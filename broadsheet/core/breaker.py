"""How other servers have been lately, so that one that is dead slows nobody down.

After three failures in a row a server is left alone for half a minute, then tried once; each time it fails again it is
left alone for twice as long, ten minutes at most.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.core.cache import cache

FAILURES = 3  # in a row, after which a server is left alone ...
PAUSE, LONGEST_PAUSE = 30, 600  # ... for so many seconds, twice as long each time it fails again
REMEMBERED = 3600  # seconds without a call after which its failures are forgotten


@dataclass(frozen=True)
class Health:
    """How a server has been lately."""

    failures: int = 0
    rests_until: float = 0.0
    why: str = ""

    @property
    def rests(self) -> bool:
        """Whether it is left alone for now."""
        return time.time() < self.rests_until


def health(server: str) -> Health:
    """What is known of a server; nothing after an hour without a call."""
    return cache.get(server) or Health()


def failed(server: str, why: str) -> None:
    """Remember that a server gave no answer, and leave it alone for a while if it has done so too often."""
    failures = health(server).failures + 1
    pause = min(LONGEST_PAUSE, PAUSE * 2 ** (failures - FAILURES)) if failures >= FAILURES else 0
    cache.set(server, Health(failures, time.time() + pause, why[:200]), REMEMBERED)


def answered(server: str) -> None:
    """Forget a server's failures."""
    if health(server).failures:
        cache.delete(server)
