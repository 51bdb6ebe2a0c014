"""Children that do not outlive the process that started them, even when it was killed without a word."""

from __future__ import annotations

import os
import threading
import time


def leave_with_parent() -> None:
    """Watch, in a thread, whether our parent is still there; without it, end this process within a second."""
    parent = os.getppid()
    threading.Thread(target=_watch, args=(parent,), name="parent", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1.0)
    os._exit(1)
