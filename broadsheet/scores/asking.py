"""The scorer in this process: one thread loads it when it is first asked, and works off what others put before it.

A post that asks waits a few milliseconds and then goes on; nothing that goes wrong here reaches it. A thread that does
not come back from a text is left behind, and another goes on with a scorer of its own. No text is logged.
"""

from __future__ import annotations

import hashlib
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
from dataclasses import dataclass, field, replace

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
STUCK = 30.0  # seconds at one text or at loading, after which a thread is given up; either takes less than one
LOOKS = 1.0  # seconds after which whoever waits looks whether the thread is stuck
MOST_LEFT = 3  # threads left behind and not back: each holds a scorer's memory. With so many no other is begun
MOST_HOPELESS = 256  # texts that a thread was left behind with: they are not asked about again


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


@dataclass
class _Job:
    """What somebody asks together, and the answers so far, in its order. None asks for nothing but to be loaded."""

    batch: Sequence[Asked | None]
    found: list[Said | None] = field(default_factory=list)
    answers: Future[list[Said | None]] = field(default_factory=Future)

    @property
    def is_done(self) -> bool:
        return len(self.found) == len(self.batch)

    @property
    def next(self) -> Asked | None:
        return self.batch[len(self.found)]


class _Hand:
    """A thread of the scorer's, and what it is at."""

    def __init__(self, work: Callable[[_Hand], None], job: _Job | None) -> None:
        self.job = job  # what it is at, or is to begin with
        self.begun: float | None = None  # when it began with the text it is at
        self.is_loading = False
        self.thread = threading.Thread(target=work, args=(self,), name="scorer", daemon=True)

    @property
    def is_stuck(self) -> bool:
        """Whether it has been at one text for longer than any takes."""
        begun = self.begun
        return begun is not None and time.monotonic() - begun > STUCK


def load() -> Scorer:
    """The scorer that the setting names; what is too short to tell is in the newsroom's language."""
    return scoring.load(likely=settings.LANGUAGE_CODE.partition("-")[0])


class Asker:
    """A scorer behind one thread, which begins with the first question."""

    def __init__(self, load: Callable[[], Scorer] = load, room: int = ROOM) -> None:
        self._load = load
        self._room: queue.Queue[_Job] = queue.Queue(room)
        self._kept: OrderedDict[tuple[str, str, Facts | None], Said] = OrderedDict()
        self._hopeless: OrderedDict[bytes, None] = OrderedDict()
        self._lock = threading.Lock()
        self._hand: _Hand | None = None
        self._left: list[_Hand] = []
        self._is_told = False  # whether the log knows that no other thread is begun
        self._given_up = 0
        self.scorer: Scorer | None = None
        self.fault = ""  # the name of what went wrong last; empty since it answered again

    def remembered(self, asked: Asked) -> Said | None:
        """The answer, where it was given lately."""
        with self._lock:
            return self._kept.get(asked.key)

    def within(self, batch: Batch, seconds: float) -> list[Said | None]:
        """The answers, if they come in that time; None in every other case."""
        ends = time.monotonic() + seconds
        job = _Job(batch)
        try:
            if all(known := self._known(batch)) or not self._begin():
                return known
            self._room.put_nowait(job)
        except queue.Full:
            return known
        while True:
            try:
                return job.answers.result(min(LOOKS, max(0.0, ends - time.monotonic())))
            except Late:
                if time.monotonic() >= ends or not self._begin():
                    job.answers.cancel()  # whoever is behind need not wait for what nobody waits for
                    return self._known(batch)

    def _known(self, batch: Batch) -> list[Said | None]:
        return [self.remembered(each) for each in batch]

    def prepare(self) -> None:
        """Load the scorer now, in its thread, so that whoever asks first is not late."""
        self._begin()
        with suppress(queue.Full):  # then it is loaded, or about to be
            self._room.put_nowait(_Job([None]))

    def is_hopeless(self, text: str) -> bool:
        """Whether a thread was left behind with that text, and has not come back from it."""
        with self._lock:
            return _digest(text) in self._hopeless and not any(key[0] == text for key in self._kept)

    def given_up(self) -> int:
        """How many threads were given up since this was asked last."""
        with self._lock:
            count, self._given_up = self._given_up, 0
        return count

    def _begin(self) -> bool:
        """See to it that a thread is at work, and not for ever at one text; False where too many are left behind."""
        with self._lock:
            if self._hand is None or not self._hand.thread.is_alive():
                self._start(None)
            elif self._hand.is_stuck:
                return self._give_up(self._hand)
            return True

    def _start(self, job: _Job | None) -> None:
        self._hand = _Hand(self._work, job)
        self._hand.thread.start()

    def _give_up(self, hand: _Hand) -> bool:
        """Leave a thread behind, for none can be ended from outside, and let another go on behind that text.

        It loads a scorer of its own: what the one left behind may hold for ever is not its. Called under the lock.
        """
        self._left = [each for each in self._left if each.thread.is_alive()]
        if len(self._left) == MOST_LEFT:
            if not self._is_told:
                log.error("The scorer is stuck in %d threads of process %d: restart it", MOST_LEFT + 1, os.getpid())
            self._is_told = True
            return False
        self._left.append(hand)
        self._given_up += 1
        self._is_told = False
        log.error("The scorer was stuck for %d seconds: begun anew in process %d", STUCK, os.getpid())
        job = hand.job
        if job and not hand.is_loading:
            if asked := job.next:
                self._hopeless[_digest(asked.text)] = None
                if len(self._hopeless) > MOST_HOPELESS:
                    self._hopeless.popitem(last=False)
            job.found.append(None)
        self.scorer = None
        scoring.load.cache_clear()
        self._start(job)
        return True

    def _work(self, hand: _Hand) -> None:
        """What a thread does until it is given up; it notices once it is back from the text."""
        while True:
            job = hand.job = hand.job or self._next_job()
            while not job.is_done:
                hand.begun = time.monotonic()
                said = self._answer(job.next, hand)
                with self._lock:
                    if self._hand is not hand:
                        hand.job = None
                        return
                    hand.begun = None
                    job.found.append(said)
            job.answers.set_result(job.found)
            del job  # nobody's words stay here while nobody asks
            hand.job = None

    def _next_job(self) -> _Job:
        while True:
            job = self._room.get()
            if job.answers.set_running_or_notify_cancel():
                return job

    def _answer(self, asked: Asked | None, hand: _Hand) -> Said | None:
        """What the scorer says of one text: so one it fails at takes no other with it, and side by side they take as
        long. None where it fails, and of a text that a thread was left behind with.
        """
        try:
            said = self._score(asked, hand)
        except Exception as fault:
            self._note(fault)
            return None
        self.fault = ""
        return said

    def _score(self, asked: Asked | None, hand: _Hand) -> Said | None:
        scorer = self.scorer or self._loaded(hand)
        if asked is None:
            return None
        if said := self.remembered(asked):
            return said
        if _digest(asked.text) in self._hopeless:
            return None
        began = time.perf_counter()
        (scores,) = scorer.score([asked.text], [asked.story], [asked.facts])
        said = Said(scores, round((time.perf_counter() - began) * 1000, 2))
        with self._lock:
            self._kept[asked.key] = said
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return said

    def _loaded(self, hand: _Hand) -> Scorer:
        """The scorer, loaded. A thread left behind may have been first after all: then it is that one's."""
        hand.is_loading = True
        try:
            made = self._load()
        finally:
            hand.is_loading, hand.begun = False, time.monotonic()
        self.scorer = self.scorer or made
        return self.scorer

    def _note(self, fault: Exception) -> None:
        name = type(fault).__name__
        if self.fault != name:
            log.error("The scorer fails: %s", name)
        self.fault = name


def _digest(text: str) -> bytes:
    """By which a text is known again that is not to be kept."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


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


def given_up() -> int:
    """How many threads of this process were given up since this was asked last: whoever asks keeps it."""
    return _asker.given_up()


def is_hopeless(text: str) -> bool:
    """Whether this process will not be asked about that text again, since a thread did not come back from it."""
    return _asker.is_hopeless(text)


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
