"""What follows where another scorer's *inappropriate* counts: its finding takes the place of our own scorer's.

What our own alone had held is published if the other finds nothing, and what ours let pass may be held. What a rule
holds or a person has decided stands, whatever a model says.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from broadsheet.core import clock
from broadsheet.discussion.models import Comment, Thread
from broadsheet.scores import findings, late
from broadsheet.scores.approved import approved
from broadsheet.scores.backends.models import Backend, OtherScore
from broadsheet.scores.models import Kind, Threshold, Use, Waiting
from broadsheet.scores.thresholds import LEAST, scale_of
from broadsheet.scoring.answers import UNKNOWN, Answer, Mark, Scores

RECENT = timedelta(days=1)  # an answer that comes later changes nothing any more
SHIPPED = (0.9, 0.5)  # from where on it holds and stands high, before there are enough approved comments: our guess
READ = 5_000  # approved comments, the latest


def count_all(backend: Backend) -> None:
    """Do what follows from the answers that have come."""
    since = max(clock.now() - RECENT, backend.counts_since or backend.made_at)
    rows = backend.others.filter(counted=False, made_at__gt=since, asked_at__gte=since)
    for other in rows.select_related("comment"):
        if other.inappropriate is not None:
            keep_shipped(other.model)
        count(other)


@transaction.atomic
def count(other: OtherScore) -> None:
    """Let this answer take the place of our own scorer's finding, unless the words are others by now."""
    Thread.objects.select_for_update().get(pk=other.comment.thread_id)  # first, as whoever edits or decides does
    comment = Comment.objects.with_story().select_related("author", "parent").get(pk=other.comment_id)
    if Waiting.objects.filter(comment=comment).exists():
        return  # our own speaks first; it is looked at again with the next run
    if not OtherScore.objects.filter(pk=other.pk, asked_at=other.asked_at, counted=False).update(counted=True):
        return
    if other.inappropriate is None or not comment.body:
        return  # it cannot tell: our own answer stands
    ours = comment.flags.current().filter(check_name=f"{findings.PREFIX}{Kind.INAPPROPRIATE}")
    ours.update(check_name=findings.LATE)  # as if it had waited for this answer
    late.follow(comment, _scores(other), use_of_others())


def use_of_others() -> Use:
    """How scores are used, but for the threshold that somebody has set for our own scorer's numbers."""
    use = Use.now()
    use.fixed_inappropriate = None
    return use


def _scores(other: OtherScore) -> Scores:
    marks = tuple(Mark(*each) for each in other.marks.get(Kind.INAPPROPRIATE, []))
    return Scores(other.model, "", Answer(other.inappropriate, marks), {}, UNKNOWN, {})


def keep_shipped(model: str) -> None:
    """A threshold to begin with."""
    if not Threshold.objects.filter(model=model).exists():
        Threshold.objects.create(kind=Kind.INAPPROPRIATE, model=model, comments=0, scale=list(SHIPPED))


def compute() -> None:
    """The nightly job: read the threshold from approved comments that the other scorer has answered about."""
    for backend in Backend.objects.filter(is_on=True, counts=True):
        last = backend.others.exclude(model="").order_by("-made_at").values_list("model", flat=True).first()
        rows = OtherScore.objects.filter(backend=backend, model=last or "", comment__in=approved())
        found = rows.exclude(inappropriate=None).order_by("-comment").values_list("inappropriate", flat=True)[:READ]
        values = [value for value in found if value is not None]
        if last:
            scale = scale_of(values) if len(values) >= LEAST else list(SHIPPED)
            Threshold.objects.create(kind=Kind.INAPPROPRIATE, model=last, comments=len(values), scale=scale)
