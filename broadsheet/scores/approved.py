"""This newsroom's approved comments, and the thresholds that are read from their scores.

Approved is what is published and what a person has decided should be: a held comment that was let through, a reported
or unreviewed one that was kept, a pick. What nobody has looked at is not: it may be what a moderator would reject. So
comments that something had held or reported are more among them than among all, which puts a threshold higher
rather than lower: it errs towards holding less. The low scores that are drawn by lot (Use.trickle) work against that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Exists, OuterRef, QuerySet

from broadsheet.discussion.models import Comment, Status
from broadsheet.moderation.models import AUTOMATIC, Decision
from broadsheet.scores import asking
from broadsheet.scores.models import Kind, Score, Threshold, Waiting
from broadsheet.scores.thresholds import LEAST, latest_shipped, scale_of

READ = 5_000  # comments that a threshold is read from, the latest
SCORED_ANEW = 2_000  # in one night: approved comments that the model of today has not seen


def approved() -> QuerySet[Comment]:
    """Published comments that a person has decided about, and let stand."""
    by_people = Decision.objects.filter(comment=OuterRef("pk"), after=Status.PUBLISHED).exclude(source__in=AUTOMATIC)
    return Comment.objects.filter(Exists(by_people), status=Status.PUBLISHED).exclude(body="")


def model_of_today() -> str:
    """The model that answered last; empty where none has yet."""
    return Score.objects.order_by("-made_at").values_list("model", flat=True).first() or ""


def compute() -> None:
    """The nightly job: see to it that approved comments have a score of today's model, and read the thresholds."""
    if asking.is_on() and (model := model_of_today()):
        score_anew(model)
        read(model)


def score_anew(model: str) -> int:
    """Let approved comments be scored that another model or none has answered about; so many at most."""
    known = Score.objects.filter(comment=OuterRef("pk"), model=model)
    waits = Waiting.objects.filter(comment=OuterRef("pk"))
    rows = approved().filter(~Exists(known), ~Exists(waits)).order_by("-pk").values_list("pk", flat=True)
    found = list(rows[:SCORED_ANEW])
    Waiting.objects.bulk_create(
        [Waiting(comment_id=number, is_new=False) for number in found], ignore_conflicts=True, batch_size=200
    )
    return len(found)


def read(model: str) -> list[Threshold]:
    """Thresholds of that model from the comments approved by now: for all, and for each language with enough."""
    rows = Score.objects.filter(model=model, comment__in=approved()).order_by("-comment")
    found = list(rows.values_list("inappropriate", "spam", "language")[:READ])
    by_language: dict[str, list[tuple[float | None, float | None]]] = defaultdict(list)
    for inappropriate, spam, language in found:
        by_language[""].append((inappropriate, spam))
        by_language[language].append((inappropriate, spam))
    made = [
        row
        for language, scores in by_language.items()
        for place, kind in enumerate(Kind)
        if (row := _row(model, kind, language, [each[place] for each in scores]))
    ]
    return Threshold.objects.bulk_create(made)


def _row(model: str, kind: Kind, language: str, scores: Sequence[float | None]) -> Threshold | None:
    """What is kept of these; of too few, only how many they are and what the scorer brings. A language needs enough."""
    values = [value for value in scores if value is not None]
    if len(values) >= LEAST:
        return Threshold(kind=kind, model=model, language=language, comments=len(values), scale=scale_of(values))
    if language:
        return None
    return Threshold(kind=kind, model=model, comments=len(values), scale=latest_shipped(model)[kind])
