"""Turns at writing into one SQLite file: the threads of a process wait for a lock, the processes for each other.

A process waits with a lock on a file of its own, `-next`, until it has the one on `-turn`. Whoever has just had a turn
finds `-next` taken by whoever waits, and comes after them: two busy processes go in turns, however many threads each
has. The system gives up the locks of a process that dies.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from pathlib import Path

LOOK = 0.001  # seconds between looks at another process's lock: a turn is a few milliseconds


class Turns:
    """The turns of this process at one database."""

    def __init__(self, file: Path | None = None) -> None:
        self._threads = threading.Lock()
        beside = [file.with_name(f"{file.name}-{name}") for name in ("next", "turn")] if file else []
        self._files = [os.open(path, os.O_RDWR | os.O_CREAT, 0o600) for path in beside]

    def take(self, seconds: float) -> bool:
        """Wait for a turn, that long at most; whether we have it."""
        until = time.monotonic() + seconds
        if not self._threads.acquire(timeout=seconds):
            return False
        if self._among_processes(until):
            return True
        self._threads.release()
        return False

    def pass_on(self) -> None:
        """Let the next one write."""
        for file in self._files[1:]:
            fcntl.flock(file, fcntl.LOCK_UN)
        self._threads.release()

    def forget(self) -> None:
        """In a child that was forked: what it has of these files is its parent's."""
        for file in self._files:
            os.close(file)

    def _among_processes(self, until: float) -> bool:
        if not self._files:
            return True
        following, turn = self._files
        if not _locked(following, until):
            return False
        try:
            return _locked(turn, until)
        finally:
            fcntl.flock(following, fcntl.LOCK_UN)


def _locked(file: int, until: float) -> bool:
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                return False
            time.sleep(LOOK)
        else:
            return True


_known: dict[str, Turns] = {}
_knowing = threading.Lock()


def turns_of(name: str, *, in_memory: bool) -> Turns:
    """The turns at the database of that name; one in memory belongs to one process."""
    with _knowing:
        if name not in _known:
            _known[name] = Turns(None if in_memory or name.startswith("file:") else Path(name))
        return _known[name]


def _begin_anew() -> None:
    global _knowing
    _knowing = threading.Lock()
    while _known:
        _known.popitem()[1].forget()


os.register_at_fork(after_in_child=_begin_anew)
