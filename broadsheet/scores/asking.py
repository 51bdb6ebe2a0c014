"""The scorer in this process: one thread loads it when it is first asked, and works off what others put before it.

A post that asks waits a few milliseconds and then goes on; nothing that goes wrong here reaches it. No text is logged.
"""

from __future__ import annotations

import logging
import os
import queue
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Late
from contextlib import suppress
from dataclasses import dataclass, replace

from django.conf import settings
from django.db import DatabaseError

from broadsheet import scoring
from broadsheet.scores.learning.applied import in_force
from broadsheet.scores.models import Use
from broadsheet.scoring.answers import Facts, Scorer, Scores, Story

log = logging.getLogger("broadsheet.scores")

ROOM = 128  # posts and batches that may wait; whoever comes then is told at once that it is late
KEPT = 256  # answers remembered: for whoever previews and then posts, and for the second check that asks
TASK_PATIENCE = 60.0  # seconds that a task waits for a batch
STUCK = 120.0  # seconds at one batch, after which nobody waits for it any more: other tasks have their turn


@dataclass(frozen=True)
class Said:
    """An answer, and how long it took."""

    scores: Scores
    milliseconds: float


@dataclass(frozen=True)
class Asked:
    """What is to be scored. The same again is not scored again while it is remembered."""

    text: str
    story: Story | None = None
    facts: Facts | None = None

    @property
    def key(self) -> tuple[str, str, Facts | None]:
        return self.text, self.story.key if self.story else "", self.facts


Batch = Sequence[Asked]
Answers = Future[list[Said | None]]


def load() -> Scorer:
    """The scorer that the setting names; what is too short to tell is in the newsroom's language."""
    return scoring.load(likely=settings.LANGUAGE_CODE.partition("-")[0])


class Asker:
    """A scorer behind one thread, which begins with the first question."""

    def __init__(self, load: Callable[[], Scorer] = load, room: int = ROOM) -> None:
        self._load = load
        self._room: queue.Queue[tuple[Batch, Answers]] = queue.Queue(room)
        self._kept: OrderedDict[tuple[str, str, Facts | None], Said] = OrderedDict()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self.scorer: Scorer | None = None
        self.fault = ""  # the name of what went wrong last; empty since it answered again
        self._begun: float | None = None  # when it began with what it is at

    def remembered(self, asked: Asked) -> Said | None:
        """The answer, where it was given lately."""
        with self._lock:
            return self._kept.get(asked.key)

    def within(self, batch: Batch, seconds: float) -> list[Said | None]:
        """The answers, if they come in that time; None in every other case."""
        known = [self.remembered(each) for each in batch]
        if all(known):
            return known
        if self.is_stuck:
            return known
        answers: Answers = Future()
        self._begin()
        try:
            self._room.put_nowait((batch, answers))
            return answers.result(seconds)
        except queue.Full:
            return known
        except Late:
            answers.cancel()  # whoever is behind need not wait for what nobody waits for
            return known

    @property
    def is_stuck(self) -> bool:
        """Whether it has been at one batch for longer than any takes."""
        begun = self._begun
        return begun is not None and time.monotonic() - begun > STUCK

    def prepare(self) -> None:
        """Load the scorer now, in its thread, so that whoever asks first is not late."""
        self._begin()
        with suppress(queue.Full):  # then it is loaded, or about to be
            self._room.put_nowait(((), Future()))

    def _begin(self) -> None:
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name="scorer", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        while True:
            batch, answers = self._room.get()
            if answers.set_running_or_notify_cancel():
                self._begun = time.monotonic()
                answers.set_result(self._answers(batch))
                self._begun = None
            del batch, answers  # nobody's words stay here while nobody asks

    def _answers(self, batch: Batch) -> list[Said | None]:
        """What the scorer says of them all; where that fails, of each by itself: one may be what it fails at."""
        try:
            found: list[Said | None] = list(self._score(batch))
        except Exception as fault:
            self._note(fault)
            return [None] if len(batch) == 1 else [self._answers([each])[0] for each in batch]
        self.fault = ""
        return found

    def _score(self, batch: Batch) -> list[Said]:
        if self.scorer is None:
            self.scorer = self._load()
        if not batch:
            return []
        began = time.perf_counter()
        scores = self.scorer.score(
            [each.text for each in batch], [each.story for each in batch], [each.facts for each in batch]
        )
        took = round((time.perf_counter() - began) * 1000 / len(batch), 2)
        said = [Said(each, took) for each in scores]
        with self._lock:
            self._kept.update(zip((each.key for each in batch), said, strict=True))
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return said

    def _note(self, fault: Exception) -> None:
        name = type(fault).__name__
        if self.fault != name:
            log.error("The scorer fails: %s", name)
        self.fault = name


_asker = Asker()


def _after_fork() -> None:
    """A child has none of its parent's threads, and may have been born while one held a lock."""
    set_asker(Asker())


os.register_at_fork(after_in_child=_after_fork)


def asker() -> Asker:
    """This process's."""
    return _asker


def set_asker(new: Asker) -> Asker:
    """Let another answer from now on; gives back the one that did until now."""
    global _asker
    old, _asker = _asker, new
    return old


def is_on() -> bool:
    """Whether the newsroom has a scorer (setting `scorer`)."""
    return bool(settings.SCORER != "off")


def prepare() -> None:
    """For a process that takes comments: have the scorer ready, where posts wait for it."""
    if is_on() and Use.now().is_awaited:
        _asker.prepare()


def loaded() -> Scorer | None:
    """The scorer itself, loaded if it was not yet; None where it is off or does not answer."""
    if is_on() and _asker.scorer is None:
        _asker.within([Asked("")], TASK_PATIENCE)
    return _asker.scorer if is_on() else None


def ask_within(asked: Asked) -> Said | None:
    """For a post: what the scorer says, if it says it in time (setting `score_wait_ms`)."""
    return _learned([asked], _asker.within([asked], settings.SCORE_WAIT_MS / 1000))[0] if is_on() else None


def ask(asked: Batch) -> list[Said | None]:
    """For a task: what the scorer says of each; None for what failed."""
    return _learned(asked, _asker.within(asked, TASK_PATIENCE)) if is_on() else [None] * len(asked)


def _learned(asked: Batch, said: list[Said | None]) -> list[Said | None]:
    """What was learned here, added: by whoever asks, for the scorer's own thread has no business with the database.

    Where that fails the scorer's own answers count: a post goes on.
    """
    try:
        if not any(said) or (version := in_force()) is None:
            return said
        return [
            replace(each, scores=version.apply(each.scores, about.text)) if each else None
            for about, each in zip(asked, said, strict=True)
        ]
    except DatabaseError:
        raise
    except Exception as fault:
        log.error("What was learned fails: %s", type(fault).__name__)
        return said
