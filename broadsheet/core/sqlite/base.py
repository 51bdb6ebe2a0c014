"""A database engine for settings.DATABASES: SQLite, whose writers of one process queue instead of knocking.

SQLite takes one writer at a time. Who finds it taken sleeps, for longer each time, and asks again; whoever asks at the
right moment goes first. With twelve readers posting twenty comments a second some waited two seconds that way, while
the database was idle for most of it. A lock among our own threads wakes the next one at once.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from typing import Any

from django.db.backends.sqlite3 import base

_turns: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)  # by database


class DatabaseWrapper(base.DatabaseWrapper):  # the name Django looks for
    """One thread's connection."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._has_turn = False

    def _start_transaction_under_autocommit(self) -> None:
        """Wait for our turn, then begin; other processes are still waited for as SQLite does."""
        patience = self.settings_dict["OPTIONS"].get("timeout", 5)
        self._has_turn = self._turn.acquire(timeout=patience)  # after that SQLite decides
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._pass_on()
            raise

    def _commit(self) -> None:
        try:
            super()._commit()  # type: ignore[misc]
        finally:
            self._pass_on()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._pass_on()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._pass_on()

    @property
    def _turn(self) -> threading.Lock:
        return _turns[str(self.settings_dict["NAME"])]

    def _pass_on(self) -> None:
        if self._has_turn:
            self._has_turn = False
            self._turn.release()
