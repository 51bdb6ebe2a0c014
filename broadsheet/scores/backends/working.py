"""Asking other scorers, in the background: what is due, and what came of it.

A comment is never kept waiting for them. Our own scorer has spoken by then, and what it says stands until the other has
answered, and for good where it does not.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django_tasks import task

from broadsheet.core import clock
from broadsheet.discussion.models import Comment, Status
from broadsheet.scores import about, storing
from broadsheet.scores.backends import calling, counting
from broadsheet.scores.backends.chat import ChatScorer
from broadsheet.scores.backends.models import Backend, OtherScore
from broadsheet.scores.backends.reading import SILENT
from broadsheet.scores.backends.webhook import WebhookScorer
from broadsheet.scoring.answers import Scorer, Scores

RUN = 40.0  # seconds of one run; what is left is due for the next
AT_ONCE = 8  # comments taken together: a language model may need a minute for each
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 30)]  # after a call without an answer; then it is given up
LIVING = {Status.PUBLISHED, Status.PENDING}
CLAIM = timedelta(minutes=15)  # a worker that died over them has lost them by then


def scorer_of(backend: Backend) -> Scorer:
    """The back-end behind the protocol that every scorer speaks."""
    return ChatScorer(backend) if backend.kind == Backend.Kind.CHAT else WebhookScorer(backend)


@task()
def ask_others() -> None:
    """The same as a task, for what has just come in."""
    work()


def work() -> int:
    """The regular job: ask every back-end about what is due to it; how many answers came."""
    until, answered = time.monotonic() + RUN, 0
    for backend in Backend.objects.filter(is_on=True):
        while time.monotonic() < until and not calling.health(backend).rests and (some := _take(backend)):
            answered += _ask(backend, some)
        if backend.counts:
            counting.count_all(backend)
    return answered


@transaction.atomic
def _take(backend: Backend) -> list[OtherScore]:
    """Some that are due and that nobody else is at, now ours."""
    now = clock.now()
    due = OtherScore.objects.select_for_update(skip_locked=True).filter(backend=backend, due_at__lte=now)
    taken = list(due.order_by("due_at").values_list("pk", flat=True)[:AT_ONCE])
    ours = OtherScore.objects.filter(pk__in=taken)
    ours.update(due_at=now + CLAIM, tries=F("tries") + 1)
    return list(ours.select_related("comment__thread__story", "comment__parent", "comment__author").order_by("pk"))


def _ask(backend: Backend, some: Sequence[OtherScore]) -> int:
    for other in some:
        if other.comment.status not in LIVING:  # nobody is to read its words any more
            _same(other).update(due_at=None)
    some = [each for each in some if each.comment.status in LIVING]
    asked = [about.of_comment(each.comment) for each in some]
    answers = scorer_of(backend).score([each.text for each in asked], [each.story for each in asked])
    return sum(_keep(other, scores) for other, scores in zip(some, answers, strict=True))


def _keep(other: OtherScore, scores: Scores) -> bool:
    """Write an answer down, or put the question off; whether there was one. Of other words nothing is kept."""
    same = _same(other)
    if scores.inappropriate == SILENT:
        over = other.tries >= len(PAUSES)
        same.update(due_at=None if over else clock.now() + PAUSES[other.tries - 1])
        return False
    if Comment.objects.filter(pk=other.comment_id, body=other.comment.body).exists():
        same.update(due_at=None, made_at=clock.now(), **storing.facts_of(scores))
    return True


def _same(other: OtherScore) -> QuerySet[OtherScore]:
    """The row, if nobody has asked for another answer since."""
    return OtherScore.objects.filter(pk=other.pk, asked_at=other.asked_at)
