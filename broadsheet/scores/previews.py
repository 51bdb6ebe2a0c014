"""What a threshold would have held lately, and what became of those comments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q

from broadsheet.core import clock
from broadsheet.discussion.models import Status
from broadsheet.scores.models import Kind, Score

PERIOD = timedelta(days=30)


@dataclass(frozen=True)
class Preview:
    """How many comments of the last 30 days have such a score, and what they are by now."""

    threshold: float
    held: int
    published: int
    rejected: int


def preview(kind: Kind, model: str, threshold: float) -> Preview:
    """Of the comments that this model has answered about."""
    rows = Score.objects.filter(
        **{f"{kind.value}__gte": threshold}, model=model, comment__created_at__gte=clock.now() - PERIOD
    )
    counts = rows.aggregate(
        held=Count("pk"),
        published=Count("pk", filter=Q(comment__status=Status.PUBLISHED)),
        rejected=Count("pk", filter=Q(comment__status=Status.REJECTED)),
    )
    return Preview(threshold, **counts)
