"""Scores in batches: what arrives while the scorer is at work is scored together next, by one thread.

Each key has a row of its own, and the rows take turns: however much waits in one, the first text of another waits for
one batch of each that was there before it. In a row, whole texts go before sentences, of which one request may bring
fifty.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from broadsheet.scoring.answers import Scorer, Scores
from broadsheet.scoring.perspective.refusals import Refusal

log = logging.getLogger("broadsheet.scorer")

Waiting = tuple[str, asyncio.Future[Scores]]
Row = tuple[deque[Waiting], deque[Waiting]]
WHOLE, SENTENCES = 0, 1  # of a row

AT_ONCE = 32  # texts of one batch
LENGTH = 2048  # characters of a batch, but for a longer text alone: a sixth of a second, for which others may wait
MOST_WAITING = 1024  # texts of one key, and as many sentences; one who comes later is asked to come again
WITHIN = 10.0  # seconds from asking to the answer


def place_of(fault: BaseException) -> str:
    """What went wrong and where, without its message: that may quote the text which caused it."""
    trace = fault.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    where = f" at {trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
    return f"{type(fault).__name__}{where}"


class Batches:
    """The one way to the scorer."""

    def __init__(self, scorer: Scorer, within: float = WITHIN, most_waiting: int = MOST_WAITING) -> None:
        self._scorer, self._within, self._most_waiting = scorer, within, most_waiting
        self._rows: dict[str, Row] = {}  # by their keys; the one whose turn it is comes first
        self._thread = ThreadPoolExecutor(1, "scorer")
        self._work: asyncio.Task[None] | None = None
        self._since: float | None = None  # when the batch at work was given to the scorer

    async def score(self, texts: Sequence[str], key: str) -> list[Scores]:
        """The scores of a text and of its sentences, which come after it in `texts`."""
        row = self._rows.get(key) or (deque(), deque())
        if len(row[WHOLE]) >= self._most_waiting or len(row[SENTENCES]) + len(texts) - 1 > self._most_waiting:
            raise Refusal(503, "The service is currently unavailable.", retry_after=1)
        loop = asyncio.get_running_loop()
        answers: list[asyncio.Future[Scores]] = [loop.create_future() for _ in texts]
        whole, *sentences = zip(texts, answers, strict=True)
        row[WHOLE].append(whole)
        row[SENTENCES].extend(sentences)
        self._rows[key] = row
        if self._work is None or self._work.done():
            self._work = loop.create_task(self._until_none_wait())
        try:
            async with asyncio.timeout(self._within):
                return await asyncio.gather(*answers)
        except TimeoutError:
            raise Refusal(504, "Deadline expired before operation could complete.") from None

    @property
    def stuck(self) -> bool:
        """Whether the scorer has been at one batch for so long that those who asked have gone away."""
        return self._since is not None and time.monotonic() - self._since > 2 * self._within

    def close(self) -> None:
        """Let the thread go."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _until_none_wait(self) -> None:
        loop = asyncio.get_running_loop()
        while batch := self._next():
            self._since = time.monotonic()
            try:
                found = await loop.run_in_executor(self._thread, self._scored, [text for text, _ in batch])
            finally:
                self._since = None
            for (_, answer), scores in zip(batch, found, strict=True):
                if answer.done():
                    continue
                if scores is None:
                    answer.set_exception(Refusal(500, "Internal error encountered."))
                else:
                    answer.set_result(scores)

    def _next(self) -> list[Waiting]:
        """What the row whose turn it is has first, and where there is room what the others have of that kind.

        Never whole texts with sentences, for a batch is answered when all of it is scored.
        """
        batch: list[Waiting] = []
        while self._rows and not batch:
            key, first = next(iter(self._rows.items()))
            kind = WHOLE if first[WHOLE] else SENTENCES
            room = LENGTH
            for row in self._rows.values():
                texts = row[kind]
                while texts and len(batch) < AT_ONCE and (not batch or len(texts[0][0]) <= room):
                    text, answer = texts.popleft()
                    if not answer.done():  # who waited has not gone away
                        batch.append((text, answer))
                        room -= len(text)
            self._rows[key] = self._rows.pop(key)  # its turn has been
            self._rows = {key: row for key, row in self._rows.items() if any(row)}
        return batch

    def _scored(self, texts: list[str]) -> Sequence[Scores | None]:
        """The scores of all; a text that the scorer fails on must not cost the others theirs."""
        try:
            return self._scorer.score(texts)
        except Exception as fault:
            log.error("A scorer failed on %d texts: %s", len(texts), place_of(fault))
            return [None] if len(texts) == 1 else [self._scored([text])[0] for text in texts]
