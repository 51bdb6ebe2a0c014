"""A database engine for settings.DATABASES: SQLite, whose writers queue instead of knocking.

SQLite takes one writer at a time. Who finds it taken sleeps, for longer each time, and asks again; whoever asks at the
right moment goes first. With twelve readers posting twenty comments a second some waited two seconds that way, while
the database was idle for most of it, and of two busy processes one could wait for ever. See `turns`.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base

from broadsheet.core.sqlite.turns import Turns, turns_of


class DatabaseWrapper(base.DatabaseWrapper):  # the name Django looks for
    """One thread's connection."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._held: Turns | None = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Open the file, which is for its owner's eyes."""
        if not self.is_in_memory_db():
            keep_private(str(conn_params["database"]))
        return super().get_new_connection(conn_params)

    def _start_transaction_under_autocommit(self) -> None:
        """Wait for our turn, then begin."""
        turns = turns_of(str(self.settings_dict["NAME"]), in_memory=self.is_in_memory_db())
        if turns.take(self.settings_dict["OPTIONS"].get("timeout", 5)):  # else SQLite decides
            self._held = turns
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

    def _pass_on(self) -> None:
        if self._held:
            held, self._held = self._held, None
            held.pass_on()


def keep_private(name: str) -> None:
    """Make the file for its owner alone, and close one that everybody may read; a group of the owner's choice stays.

    E-mail addresses, password hashes and withheld comments are in it. SQLite gives `-wal` and `-shm` the same rights.
    """
    # One that is there must not be opened here: closing it would take away the locks of this process's connections.
    with contextlib.suppress(OSError):  # it is there, or SQLite says better why it cannot be made
        os.close(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    for file in (Path(f"{name}{end}") for end in ("", "-wal", "-shm")):
        with contextlib.suppress(OSError):  # not there, or another's, who has to close it
            if file.stat().st_mode & 0o007:
                file.chmod(0o600)
