"""Makes the most read pages anew after a commit and before its bell, so that their readers never wait for a rendering.

Until the bell is rung the old page is sent, which nobody has been told is old: the change is acknowledged afterwards.
Without this a story that everybody reads stood still for each rendering, five times a second in a lively discussion.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait

from broadsheet.delivery.store import ReadyPages

log = logging.getLogger("broadsheet.delivery")

READ_WITHIN = 3.0  # seconds: a page nobody has read for so long is made when somebody asks for it
MOST_PAGES = 3  # to one change: a story's page and perhaps its newest comments; the others are made when asked for
REST = 2  # times what a rendering cost: in a lively discussion this takes a third of a processor, and posts share more
PATIENCE = 0.5  # seconds an author or moderator may be kept waiting for this


class Ahead:
    """One thread that renders; changes that come while it does share the next rendering."""

    def __init__(self, pages: ReadyPages, render: Callable[[str], None]) -> None:
        self._pages, self._render_page = pages, render
        self._pool = ThreadPoolExecutor(1, "ahead")
        self._lock = threading.Lock()
        self._waiting: dict[str, Future[None]] = {}
        self._rested_at = 0.0

    def prepare(self, tags: list[str]) -> None:
        """Return when the most read pages under these tags show what is committed, or after half a second."""
        keys = self._pages.depending(tags, time.monotonic() - READ_WITHIN)[:MOST_PAGES]
        if keys:
            wait([self._soon(key) for key in keys], PATIENCE)

    def _soon(self, key: str) -> Future[None]:
        """The rendering of this page that has not begun yet: it will read what is committed by now."""
        with self._lock:
            if key not in self._waiting:
                self._waiting[key] = self._pool.submit(self._render, key)
            return self._waiting[key]

    def _render(self, key: str) -> None:
        time.sleep(max(0.0, self._rested_at - time.monotonic()))  # what is committed meanwhile comes with this one
        with self._lock:
            del self._waiting[key]
        began = time.thread_time()
        try:
            self._render_page(key)
        except Exception:
            log.exception("The page %s could not be made ahead; it is made when somebody asks for it.", key)
        self._rested_at = time.monotonic() + REST * (time.thread_time() - began)
