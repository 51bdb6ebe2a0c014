"""Scores in batches: what arrives while the scorer is at work is scored together next, by one thread, in its order."""

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

AT_ONCE = 32  # texts of one batch
MOST_WAITING = 1024  # texts; one who comes later is asked to come again
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
        self._waiting: deque[tuple[str, asyncio.Future[Scores]]] = deque()
        self._thread = ThreadPoolExecutor(1, "scorer")
        self._work: asyncio.Task[None] | None = None
        self._since: float | None = None  # when the batch at work was given to the scorer

    async def score(self, texts: Sequence[str]) -> list[Scores]:
        """The scores of each text."""
        if len(self._waiting) + len(texts) > self._most_waiting:
            raise Refusal(503, "The service is currently unavailable.", retry_after=1)
        loop = asyncio.get_running_loop()
        answers: list[asyncio.Future[Scores]] = [loop.create_future() for _ in texts]
        self._waiting.extend(zip(texts, answers, strict=True))
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
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(AT_ONCE, len(self._waiting)))]
            batch = [(text, answer) for text, answer in batch if not answer.done()]  # who waited has not gone away
            if not batch:
                continue
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

    def _scored(self, texts: list[str]) -> Sequence[Scores | None]:
        """The scores of all; a text that the scorer fails on must not cost the others theirs."""
        try:
            return self._scorer.score(texts)
        except Exception as fault:
            log.error("A scorer failed on %d texts: %s", len(texts), place_of(fault))
            return [None] if len(texts) == 1 else [self._scored([text])[0] for text in texts]
