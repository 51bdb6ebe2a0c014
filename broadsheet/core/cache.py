"""What processes remember together for a while: counts of tries, and that somebody is about to do something already.

Nothing that matters lies here alone. So when Valkey is away each process goes on with a memory of its own, as it always
does where there is no Valkey: limits are then counted in each, and reading, signing in and posting go on.
"""

from __future__ import annotations

import logging
import time
from typing import Any, ClassVar

from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import ConnectionError as Away
from redis.exceptions import TimeoutError as Silent

from broadsheet.core import troubles

REST = 5.0  # seconds in which a server that did not answer is not asked
PATIENCE = 0.5  # seconds for an answer: somebody waits for what is counted
MOST_KEPT = 50_000  # Django keeps 300 and then forgets a third: a crowd would clear every limit

log = logging.getLogger(__name__)


class SharedCache(RedisCache):
    """Valkey or Redis; while it is away, this process's own memory."""

    _away_until: ClassVar[float] = 0.0  # of the process: Django makes one of these for each thread
    _answers: ClassVar[bool] = False  # as far as is known

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        patient = {"socket_connect_timeout": PATIENCE, "socket_timeout": PATIENCE}
        super().__init__(server, {**params, "OPTIONS": {**patient, **params.get("OPTIONS", {})}})
        self._own = LocMemCache("while-valkey-is-away", {"OPTIONS": {"MAX_ENTRIES": MOST_KEPT}})

    def _ask(self, what: str, *args: Any, **facts: Any) -> Any:
        if time.monotonic() >= SharedCache._away_until:
            try:
                found = getattr(super(), what)(*args, **facts)
                if not SharedCache._answers:
                    SharedCache._answers = True
                    troubles.over(troubles.CACHE)
                return found
            except (Away, Silent) as fault:
                SharedCache._away_until, SharedCache._answers = time.monotonic() + REST, False
                troubles.note(troubles.CACHE)
                log.warning("Valkey does not answer (%s); limits are counted in each process.", type(fault).__name__)
        return getattr(self._own, what)(*args, **facts)

    def add(self, *args: Any, **facts: Any) -> Any:
        return self._ask("add", *args, **facts)

    def get(self, *args: Any, **facts: Any) -> Any:
        return self._ask("get", *args, **facts)

    def set(self, *args: Any, **facts: Any) -> Any:
        return self._ask("set", *args, **facts)

    def touch(self, *args: Any, **facts: Any) -> Any:
        return self._ask("touch", *args, **facts)

    def delete(self, *args: Any, **facts: Any) -> Any:
        return self._ask("delete", *args, **facts)

    def get_many(self, *args: Any, **facts: Any) -> Any:
        return self._ask("get_many", *args, **facts)

    def has_key(self, *args: Any, **facts: Any) -> Any:
        return self._ask("has_key", *args, **facts)

    def incr(self, *args: Any, **facts: Any) -> Any:
        return self._ask("incr", *args, **facts)

    def set_many(self, *args: Any, **facts: Any) -> Any:
        return self._ask("set_many", *args, **facts)

    def delete_many(self, *args: Any, **facts: Any) -> Any:
        return self._ask("delete_many", *args, **facts)

    def clear(self) -> Any:
        return self._ask("clear")


def count(what: str, whose: object, *, now: float, seconds: int) -> tuple[int, int]:
    """How often somebody has come with this in the present stretch of so many seconds, this time included; and how
    many of its seconds are left.
    """
    stretch, passed = divmod(int(now), seconds)
    key = f"{what}:{whose}:{stretch}"
    cache.add(key, 0, 2 * seconds)
    try:
        number: int = cache.incr(key)
    except ValueError:  # it was dropped at that very moment, or Valkey went away
        number = 1
    return number, seconds - passed
