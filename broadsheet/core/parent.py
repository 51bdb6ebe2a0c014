"""Children that do not outlive the process that started them, even when it was killed without a word."""

from __future__ import annotations

import os
import threading
import time

SERVED_BY = "BROADSHEET_SERVED_BY"  # the variable in which a child finds the number of the process that started it


def leave_with_parent() -> None:
    """Watch, in a thread, whether the process that started us is still there; without it, end within a second.

    Does nothing in a process that nobody of ours started. The number comes from the parent itself: asked here, the
    parent might be gone already, and its heir would be watched for ever.
    """
    if parent := os.environ.get(SERVED_BY):
        threading.Thread(target=_watch, args=(int(parent),), name="parent", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1.0)
    os._exit(1)
