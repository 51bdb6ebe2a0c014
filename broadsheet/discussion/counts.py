"""Proves the counts that threads and comments carry against the rows they count, and mends them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from broadsheet.discussion import ledger
from broadsheet.discussion.merit import merit_of
from broadsheet.discussion.models import VOICES, Comment, Status, Thread

NAMES = {
    **{status: f"the number of {status} comments" for status in Status.values},
    "picks": "the number of picks",
    "notable": "the number of picks and answers",
    "started": "the number of questions or reviews",
    "answered": "the number of answered questions",
    "ratings": "the number of ratings",
    "rating_total": "the sum of all stars",
    **{f"rated_{stars}": f"the number of ratings with {stars} of 5 stars" for stars in ledger.STARS},
}


@dataclass(frozen=True)
class Difference:
    """A count that is not what the comments say."""

    thread: int
    what: str
    kept: int
    true: int

    def __str__(self) -> str:
        return f"discussion {self.thread}: {self.what} is {self.kept}, and {self.true} by the comments"


def differences(thread: int | None = None) -> Iterator[Difference]:
    """Every count that is wrong, in one discussion or in all; five queries."""
    for row in _threads(thread).iterator():
        for name, what in NAMES.items():
            if (kept := getattr(row, name)) != (true := getattr(row, f"true_{name}")):
                yield Difference(row.pk, what, kept, true)
        if row.conversations < row.true_conversations:  # more is right: a number is never given twice
            yield Difference(row.pk, "the last conversation's number", row.conversations, row.true_conversations)
    for root in _wrong_roots(thread).iterator():
        if root.reply_count != root.true_count:
            yield Difference(root.thread_id, f"the replies to comment {root.pk}", root.reply_count, root.true_count)
        if root.replies_given < root.true_given:
            what = f"the last reply's number under comment {root.pk}"
            yield Difference(root.thread_id, what, root.replies_given, root.true_given)
    for row in _wrongly_respected(thread).iterator():
        yield Difference(row.thread_id, f"the respect for comment {row.pk}", row.respects, row.true)
    for row in _wrongly_answered(thread).iterator():
        yield Difference(row.thread_id, f"the answers to comment {row.pk}", int(row.answered), int(row.true))
    for row in _wrongly_listed(thread).iterator():
        what = f"the place of comment {row.pk} among picks and answers"
        yield Difference(row.thread_id, what, int(row.notable), int(not row.notable))


@transaction.atomic
def mend(thread: int) -> None:
    """Set the counts of one discussion by its comments, while nobody else writes there."""
    kept = Thread.objects.take_up(thread)
    for comment in [*_wrongly_answered(thread), *_wrongly_respected(thread), *_wrongly_listed(thread)]:
        _mend_comment(kept, comment)
    row = _threads(thread).get()
    for name in NAMES:
        setattr(kept, name, getattr(row, f"true_{name}"))
    kept.conversations = max(kept.conversations, row.true_conversations)
    for root in _wrong_roots(thread):
        Comment.objects.filter(pk=root.pk).update(
            reply_count=root.true_count, replies_given=max(root.replies_given, root.true_given)
        )
    ledger.keep(kept)


@transaction.atomic
def weigh_anew(thread: int) -> int:
    """Ask again what counts as a contribution, in one discussion; returns for how many comments the answer is new.

    For a newsroom whose comments are older than the question, and after the answer was taught something.
    """
    kept, changed = Thread.objects.take_up(thread), 0
    for comment in kept.comments.filter(status=Status.PUBLISHED).defer("body", "words", "key").iterator():
        merit = merit_of(comment)
        if merit != comment.merit:
            Comment.objects.filter(pk=comment.pk).update(merit=merit)
            changed += 1
    ledger.keep(kept)
    return changed


def _mend_comment(thread: Thread, comment: Any) -> None:
    """Set what follows from other rows, on the comment as it is by now: it may stand in several lists."""
    now = Comment.objects.get(pk=comment.pk)
    now.answered, now.respects = _is_answered(now), now.reactions.count()
    ledger.stamp(thread)
    now.revision = thread.revision
    ledger.weigh(now)
    now.save(update_fields=["answered", "respects", "revision", "merit", "notable"])


def _is_answered(comment: Comment) -> bool:
    answers = Comment.objects.filter(root=comment, answers=True, status=Status.PUBLISHED)
    return comment.parent_id is None and answers.exists()


def _comments(thread: int | None) -> QuerySet[Any]:
    return Comment.objects.order_by("pk") if thread is None else Comment.objects.filter(thread=thread).order_by("pk")


def _threads(thread: int | None) -> QuerySet[Any]:
    rows = Thread.objects.all() if thread is None else Thread.objects.filter(pk=thread)
    public = Q(comments__status=Status.PUBLISHED)
    started = public & Q(comments__parent=None)
    rated = started & Q(comments__rating__isnull=False)

    def count(which: Q) -> Count:
        return Count("comments", filter=which)

    return rows.order_by("pk").annotate(
        true_conversations=Coalesce(Max("comments__number"), 0),
        true_picks=count(public & Q(comments__picked_at__isnull=False)),
        true_notable=count(public & Q(comments__notable=True)),
        true_started=count(started),
        true_answered=count(started & Q(comments__answered=True)),
        true_ratings=count(rated),
        true_rating_total=Coalesce(Sum("comments__rating", filter=rated), 0),
        **{f"true_rated_{stars}": count(started & Q(comments__rating=stars)) for stars in ledger.STARS},
        **{f"true_{status}": count(Q(comments__status=status)) for status in Status.values},
    )


def _wrong_roots(thread: int | None) -> QuerySet[Any]:
    rows: QuerySet[Any] = (
        _comments(thread)
        .filter(root=None)
        .annotate(
            true_count=Count("conversation", filter=Q(conversation__status=Status.PUBLISHED)),
            true_given=Coalesce(Max("conversation__reply_number"), 0),
        )
        .exclude(reply_count=F("true_count"), replies_given__gte=F("true_given"))
    )
    return rows


def _wrongly_respected(thread: int | None) -> QuerySet[Any]:
    rows: QuerySet[Any] = _comments(thread).annotate(true=Count("reactions")).exclude(respects=F("true"))
    return rows


def _wrongly_answered(thread: int | None) -> QuerySet[Any]:
    answers = Comment.objects.filter(root=OuterRef("pk"), answers=True, status=Status.PUBLISHED)
    rows: QuerySet[Any] = _comments(thread).annotate(true=Exists(answers)).exclude(answered=F("true"))
    return rows


def _wrongly_listed(thread: int | None) -> QuerySet[Any]:
    """Comments that stand among the picks and answers and should not, or the other way round."""
    notable = Q(status=Status.PUBLISHED) & (Q(picked_at__isnull=False) | Q(badge__in=VOICES))
    return _comments(thread).filter((Q(notable=True) & ~notable) | (Q(notable=False) & notable))
