"""Proves the desk's queues against the comments: what should wait and does not, what waits and should not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from broadsheet.core import clock
from broadsheet.discussion.models import Comment, Status, Thread
from broadsheet.moderation import entries
from broadsheet.moderation.models import Decision, Entry, Outcome, Queue, Report, Source
from broadsheet.moderation.urgency import MOST

PROVED = (Queue.PENDING, Queue.REPORTED, Queue.UNREVIEWED, Queue.PICKS)  # appeals are proved where they are made
BY_SETTINGS = (Source.RULE, Source.REPORTS)  # with these decisions nobody has read anything


@dataclass(frozen=True)
class Difference:
    """A comment that is missing in a queue, is there for no reason, or stands there under facts that are not so."""

    queue: str
    comment: int
    what: str  # missing, superfluous, wrong

    def __str__(self) -> str:
        return f"comment {self.comment} is {self.what} in the queue “{self.queue}”"


def differences() -> Iterator[Difference]:
    """Everything that is not as it should be; a few queries for each queue."""
    now = clock.database_now()
    for queue in PROVED:
        places = Entry.objects.filter(queue=queue)
        missing = _missing(queue, now).filter(~Exists(places.filter(comment=OuterRef("pk"))))
        for pk in missing.values_list("pk", flat=True).order_by("pk").iterator():
            yield Difference(queue, pk, "missing")
        belongs = _belongs(queue).filter(pk=OuterRef("comment"))
        for pk in places.filter(~Exists(belongs)).values_list("comment", flat=True).order_by("comment").iterator():
            yield Difference(queue, pk, "superfluous")
        rows = places.filter(Exists(belongs)).select_related("comment__thread__story")
        for place in rows.order_by("comment").iterator():
            if _is_wrong(place):
                yield Difference(queue, place.comment_id, "wrong")


def mend(difference: Difference) -> None:
    """Put one thing right, by the comment as it is by then."""
    queue, now = Queue(difference.queue), clock.database_now()
    comment = Comment.objects.get(pk=difference.comment)
    with transaction.atomic():
        Thread.objects.select_for_update().get(pk=comment.thread_id)
        comment = Comment.objects.with_story().get(pk=comment.pk)
        if difference.what == "missing" and _missing(queue, now).filter(pk=comment.pk).exists():
            entries.enter(comment, queue, since=_began(queue, comment))
        elif not _belongs(queue).filter(pk=comment.pk).exists():
            entries.leave(comment, queue)
        else:
            entries.enter(comment, queue)


def _belongs(queue: Queue) -> QuerySet[Comment]:
    """The comments that may wait in a queue."""
    waiting = Report.objects.filter(comment=OuterRef("pk"), outcome=Outcome.WAITING)
    public = Comment.objects.filter(status=Status.PUBLISHED)
    match queue:
        case Queue.PENDING:
            return Comment.objects.filter(status=Status.PENDING)
        case Queue.REPORTED:
            return public.filter(Exists(waiting))
        case Queue.UNREVIEWED:
            return public.filter(~Exists(_reading()))
    return public.filter(picked_at=None)


def _missing(queue: Queue, now: datetime) -> QuerySet[Comment]:
    """The comments that have to wait in a queue; what has been read or is old enough need not be read."""
    if queue == Queue.PICKS:
        return Comment.objects.none()  # what is proposed is a matter of the moment
    if queue != Queue.UNREVIEWED:
        return _belongs(queue)
    since = now - settings.UNREVIEWED_FOR
    return _belongs(queue).annotate(written=_written()).filter(written__gte=since)


def _written() -> Coalesce:
    return Coalesce("edited_at", "published_at", "created_at")


def _reading() -> QuerySet[Decision]:
    """The decisions by which somebody has read a comment as it is now; to stand in a question about comments."""
    since = Coalesce(OuterRef("edited_at"), OuterRef("published_at"), OuterRef("created_at"))
    by_people = Decision.objects.filter(comment=OuterRef("pk"), picked=None, locked=None, undoes=None, undone_by=None)
    imported = Q(source=Source.IMPORT)
    return by_people.exclude(source__in=BY_SETTINGS).filter(imported | Q(created_at__gte=since))


def _began(queue: Queue, comment: Comment) -> datetime:
    if queue == Queue.REPORTED and (first := entries.first_report(comment)):
        return first.created_at
    if queue == Queue.UNREVIEWED:
        return comment.edited_at or comment.published_at or comment.created_at
    return comment.edited_at or comment.created_at


def _is_wrong(place: Entry) -> bool:
    """Whether the facts that a view is narrowed and ordered by are not the comment's any more."""
    comment = place.comment
    minutes = min(MOST, sum(ground[1] for ground in place.why))
    kept = (place.thread_id, place.section_id, place.author_id, place.language, place.since - place.due)
    story = comment.thread.story
    true = (comment.thread_id, story.section_id, comment.author_id, comment.language, timedelta(minutes=minutes))
    return kept != true
