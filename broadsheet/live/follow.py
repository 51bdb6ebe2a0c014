"""Follows threads for the streams: hears the bell, asks what changed, and tells everyone who reads that thread.

One event loop, no lock. Looking is done in worker threads by `source`, the one door to the database:
(thread number, revision) -> what changed since, or None when the thread is not public. `more` in its answer says that
it is a portion, and that the next one is to be asked for from the revision it names.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Any, Protocol

from broadsheet.core.bell import Bell
from broadsheet.core.connections import renew_connection
from broadsheet.live import frames

log = logging.getLogger("broadsheet.live")

TICK = 0.05  # seconds between two listenings; half of what a person notices
PACE = 0.25  # seconds between two messages to one thread's readers: at most four a second, however many write
LOOK_AGAIN = 1.0  # seconds after which the database is asked although no bell was heard
MOST_LOOKS = 200  # a second without a bell, the longest waiting first: about a tenth of one processor
MOST_ROUNDS = 100  # portions for one reader who comes late; then they come back

News = dict[str, Any]
Source = Callable[[int, int], News | None]


class Listener(Protocol):
    """Somebody who reads a thread. `revision` is the last one they were sent."""

    revision: int

    def send(self, frame: bytes) -> None: ...
    def end(self, frame: bytes) -> None: ...
    async def drained(self) -> None: ...


@dataclass(slots=True, eq=False)
class Followed:
    """One thread and those who read it."""

    thread: int
    heard: int
    revision: int  # what the last look found
    told: tuple[Any, ...]  # what else it found: the thread's counts, whether it is closed, and what is said of that
    looked_at: float = 0.0
    next_at: float = 0.0
    looking: bool = False
    listeners: set[Listener] = field(default_factory=set)

    @property
    def tag(self) -> str:
        return _tag(self.thread)


@dataclass(slots=True)
class Shared:
    """One look on behalf of all who come back at the same revision."""

    heard: int
    at: float
    answer: asyncio.Future[News | None]


class Watcher:
    """Knows which threads are read and keeps their readers up to date."""

    def __init__(self, source: Source, bell: Bell, pool: Executor) -> None:
        self._source, self._bell, self._pool = source, bell, pool
        self._loop = asyncio.get_running_loop()
        self._followed: dict[int, Followed] = {}
        self._due: set[Followed] = set()
        self._shared: dict[tuple[int, int], Shared] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._any = -1
        self._swept_at = 0.0

    async def join(self, thread: int, since: int, listener: Listener, begin: Callable[[], None]) -> bool:
        """Bring a listener up to date and follow the thread for them; False when the thread is not public.

        `begin` is called before the first frame. Raises what `source` raises.
        """
        listener.revision, begun = since, False
        for _ in range(MOST_ROUNDS):
            heard, news = await self._share(thread, listener.revision)
            if news is None:
                if begun:
                    listener.end(frames.GONE)
                return begun
            if not begun:
                begin()
                begun = True
            new = bool(news["comments"]) or news["revision"] > listener.revision
            if new or not news["usual"] or news.get("corrected"):
                listener.send(frames.change(news))
            listener.revision = news["revision"]
            await listener.drained()  # a portion at a time, as fast as they read
            followed = self._followed.get(thread)
            if not news["more"] and (followed is None or followed.revision <= listener.revision):
                self._add(thread, listener, heard, news)
                return True
        listener.end(b"")  # the thread runs away from them; they come back with the revision they have got to
        return True

    def leave(self, thread: int, listener: Listener) -> None:
        """Forget a listener; a thread nobody reads is not followed."""
        if followed := self._followed.get(thread):
            followed.listeners.discard(listener)
            if not followed.listeners:
                del self._followed[thread]
                self._due.discard(followed)

    async def run(self) -> None:
        """Listen until cancelled."""
        while True:
            self._listen()
            await asyncio.sleep(TICK)

    def _add(self, thread: int, listener: Listener, heard: int, news: News) -> None:
        followed = self._followed.get(thread)
        if followed is None:
            followed = self._followed[thread] = Followed(thread, heard, news["revision"], _rest(news))
            followed.looked_at = self._loop.time()
            if self._bell.heard(followed.tag) != heard:
                self._due.add(followed)  # rung between that look and now, when nobody listened
        followed.listeners.add(listener)

    def _listen(self) -> None:
        now = self._loop.time()
        heard_any = self._bell.heard_any()
        if heard_any != self._any:
            self._any = heard_any
            self._due.update(f for f in self._followed.values() if self._bell.heard(f.tag) != f.heard)
        if now - self._swept_at >= LOOK_AGAIN / 4:
            self._swept_at = now
            self._sweep(now)
        for followed in [f for f in self._due if now >= f.next_at and not f.looking]:
            self._due.discard(followed)
            followed.looking = True
            task = self._loop.create_task(self._look(followed))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _sweep(self, now: float) -> None:
        """Look again, bell or no bell, at threads not looked at for a second."""
        waiting = sorted(
            (f for f in self._followed.values() if now - f.looked_at >= LOOK_AGAIN and not f.looking),
            key=lambda f: f.looked_at,
        )
        self._due.update(waiting[: MOST_LOOKS // 4])
        self._shared = {key: shared for key, shared in self._shared.items() if now - shared.at < LOOK_AGAIN}

    async def _look(self, followed: Followed) -> None:
        followed.heard = self._bell.heard(followed.tag)  # before looking: a ring meanwhile makes it due again
        followed.looked_at = self._loop.time()
        try:
            news = await self._ask(followed.thread, followed.revision)
        except Exception:
            log.exception("Thread %d could not be looked at; its readers wait.", followed.thread)
            followed.next_at = self._loop.time() + LOOK_AGAIN
            self._due.add(followed)
            return
        finally:
            followed.looking = False
        if self._followed.get(followed.thread) is followed:
            self._tell(followed, news)

    def _tell(self, followed: Followed, news: News | None) -> None:
        if news is None:
            del self._followed[followed.thread]
            for listener in list(followed.listeners):
                listener.end(frames.GONE)
            return
        if not news["comments"] and news["revision"] == followed.revision and _rest(news) == followed.told:
            return
        if news["more"]:
            self._due.add(followed)
        frame, before = frames.change(news), followed.revision
        followed.revision, followed.told = news["revision"], _rest(news)
        followed.next_at = self._loop.time() + PACE
        for listener in list(followed.listeners):
            if not before < news["revision"] <= listener.revision:  # who came during the look may have it already
                listener.send(frame)
                listener.revision = news["revision"]

    async def _share(self, thread: int, since: int) -> tuple[int, News | None]:
        """What was heard before the look, and what changed since; asked once for all who ask it within a second."""
        heard, now = self._bell.heard(_tag(thread)), self._loop.time()
        shared = self._shared.get((thread, since))
        if shared is None or shared.heard != heard or now - shared.at >= LOOK_AGAIN:
            shared = Shared(heard, now, asyncio.ensure_future(self._ask(thread, since)))
            self._shared[thread, since] = shared
        return heard, await asyncio.shield(shared.answer)

    async def _ask(self, thread: int, since: int) -> News | None:
        return await self._loop.run_in_executor(self._pool, _in_worker, self._source, thread, since)


def _in_worker(source: Source, thread: int, since: int) -> News | None:
    renew_connection()
    return source(thread, since)


def _tag(thread: int) -> str:
    """As delivery.tags.thread_tag; apps of one layer do not know each other."""
    return f"thread:{thread}"


def _rest(news: News) -> tuple[Any, ...]:
    """What a thread says besides its comments; the clock may change it without any writing."""
    return news["summary"], news["closed"], news.get("state"), news.get("corrected")
