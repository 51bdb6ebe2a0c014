"""Asking other scorers, in the background: what is due, and what came of it.

A comment is never kept waiting for them. Our own scorer has spoken by then, and what it says stands until the other has
answered, and for good where it does not. Nor does anything else wait: the regular job begins a batch in a thread of its
own, which knows no database, and one of its next runs takes the answers.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import F, QuerySet

from broadsheet.core import clock
from broadsheet.discussion.models import Comment, Status
from broadsheet.scores import about, storing
from broadsheet.scores.asking import Asked
from broadsheet.scores.backends import calling, counting
from broadsheet.scores.backends.chat import ChatScorer
from broadsheet.scores.backends.models import Backend, OtherScore
from broadsheet.scores.backends.reading import SILENT
from broadsheet.scores.backends.webhook import WebhookScorer
from broadsheet.scoring.answers import Scores

log = logging.getLogger(__name__)

AT_ONCE = 8  # comments of one batch: a language model may need a minute for each
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 30)]  # after a call without an answer; then it is given up
CLAIM = timedelta(minutes=15)  # a worker that died over them has lost them by then
LIVING = {Status.PUBLISHED, Status.PENDING}  # of the rest nobody is to read the words any more


@dataclass(frozen=True)
class Batch:
    """What one back-end is being asked about."""

    scorer: ChatScorer | WebhookScorer
    rows: Sequence[OtherScore]
    answers: Future[list[Scores]]


under_way: dict[int, Batch] = {}  # by the back-end's number: one batch at a time, in this process


def scorer_of(backend: Backend) -> ChatScorer | WebhookScorer:
    """The back-end behind the protocol that every scorer speaks."""
    return ChatScorer(backend) if backend.kind == Backend.Kind.CHAT else WebhookScorer(backend)


def work() -> None:
    """The regular job: take the answers that have come, and ask every back-end about what is due to it."""
    for number in [number for number, batch in under_way.items() if batch.answers.done()]:
        batch = under_way.pop(number)
        if backend := Backend.objects.filter(pk=number).first():  # it may have been removed meanwhile
            _keep(backend, batch)
    for backend in Backend.objects.filter(is_on=True):
        if backend.counts:
            counting.count_all(backend)
        if backend.pk not in under_way and not calling.health(backend).rests and (some := _take(backend)):
            _begin(backend, some)


@transaction.atomic
def _take(backend: Backend) -> list[OtherScore]:
    """Some that are due and that nobody else is at, now ours."""
    now = clock.now()
    due = OtherScore.objects.filter(backend=backend, due_at__lte=now)
    gone = due.exclude(comment__status__in=LIVING).values_list("pk", flat=True)
    OtherScore.objects.filter(pk__in=list(gone)).update(due_at=None)
    first = due.select_for_update(skip_locked=True).order_by("due_at").values_list("pk", flat=True)
    ours = OtherScore.objects.filter(pk__in=list(first[:AT_ONCE]))
    ours.update(due_at=now + CLAIM, tries=F("tries") + 1)
    return list(ours.select_related("comment__thread__story", "comment__parent", "comment__author").order_by("pk"))


def _begin(backend: Backend, rows: Sequence[OtherScore]) -> None:
    batch = Batch(scorer_of(backend), rows, Future())
    under_way[backend.pk] = batch
    asked = [about.of_comment(each.comment) for each in rows]
    threading.Thread(target=_ask, args=(batch, asked), name="other scorer", daemon=True).start()


def _ask(batch: Batch, asked: Sequence[Asked]) -> None:
    """In a thread of its own. Whatever happens there is an answer, be it an exception."""
    try:
        batch.answers.set_result(batch.scorer.score([each.text for each in asked], [each.story for each in asked]))
    except Exception as fault:
        batch.answers.set_exception(fault)


def _keep(backend: Backend, batch: Batch) -> None:
    """Write down what came of a batch."""
    calling.keep(backend, batch.scorer.calls)
    if fault := batch.answers.exception():
        log.error("Asking another scorer fails: %s", type(fault).__name__)
        for row in batch.rows:
            _put_off(row)
        return
    for row, scores in zip(batch.rows, batch.answers.result(), strict=True):
        if scores.inappropriate == SILENT:
            _put_off(row)
        elif Comment.objects.filter(pk=row.comment_id, body=row.comment.body).exists():
            _same(row).update(due_at=None, made_at=clock.now(), **storing.facts_of(scores))


def _put_off(row: OtherScore) -> None:
    over = row.tries >= len(PAUSES)
    _same(row).update(due_at=None if over else clock.now() + PAUSES[row.tries - 1])


def _same(row: OtherScore) -> QuerySet[OtherScore]:
    """The row, if nobody has asked about other words since."""
    return OtherScore.objects.filter(pk=row.pk, asked_at=row.asked_at)
