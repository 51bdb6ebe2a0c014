"""What is forgotten of scores when its time is over (setting CLOCKS)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Max

from broadsheet.core.tidying import delete_all, some_at_a_time
from broadsheet.scores.backends.models import OtherScore
from broadsheet.scores.models import DecisionScore, Hour, Linked, Nudged, Score, Threshold, Waiting
from broadsheet.scores.nudges import LATELY

HOURS_KEPT = timedelta(days=90)
SCALES_KEPT = timedelta(days=90)  # of each day; the last of each model stays


def wordless(now: datetime) -> tuple[int, str]:
    """What was said of words that are deleted. Of what somebody decided, the numbers of the two answers stay."""
    for model in (Waiting, Linked, OtherScore):
        delete_all(model._base_manager.filter(comment__body=""))
    detailed = DecisionScore.objects.filter(decision__comment__body="").exclude(values={})
    some_at_a_time(detailed, lambda keys: DecisionScore.objects.filter(pk__in=keys).update(values={}))
    return delete_all(Score.objects.filter(comment__body="")), "scores of deleted words forgotten"


def hours(now: datetime) -> tuple[int, str]:
    """How the scorer did three months ago."""
    return delete_all(Hour.objects.filter(at__lt=now - HOURS_KEPT)), "hours of the scorer forgotten"


def scales(now: datetime) -> tuple[int, str]:
    """Where approved comments stood three months ago."""
    last = Threshold.objects.order_by().values_list("model", "kind", "language").annotate(last=Max("pk"))
    old = Threshold.objects.filter(made_at__lt=now - SCALES_KEPT).exclude(pk__in=[row[-1] for row in last])
    return delete_all(old), "old thresholds forgotten"


def nudged(now: datetime) -> tuple[int, str]:
    """What came of asking writers before they posted, three months ago."""
    return delete_all(Nudged.objects.filter(at__lt=now - LATELY)), "outcomes of nudges forgotten"
