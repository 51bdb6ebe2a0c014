"""Proves the counts that threads and conversations carry against the comments themselves, and mends them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Max, Q, QuerySet
from django.db.models.functions import Coalesce

from broadsheet.delivery.freshness import touch
from broadsheet.discussion.models import Comment, Status, Thread


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
    """Every count that is wrong, in one discussion or in all; two queries."""
    for row in _threads(thread).iterator():
        for status in Status.values:
            if (kept := getattr(row, status)) != (true := getattr(row, f"true_{status}")):
                yield Difference(row.pk, f"the number of {status} comments", kept, true)
        if row.conversations < row.true_conversations:  # more is right: a number is never given twice
            yield Difference(row.pk, "the last conversation's number", row.conversations, row.true_conversations)
    for root in _wrong_roots(thread).iterator():
        if root.reply_count != root.true_count:
            yield Difference(root.thread_id, f"the replies to comment {root.pk}", root.reply_count, root.true_count)
        if root.replies_given < root.true_given:
            what = f"the last reply's number under comment {root.pk}"
            yield Difference(root.thread_id, what, root.replies_given, root.true_given)


@transaction.atomic
def mend(thread: int) -> None:
    """Set the counts of one discussion by its comments, while nobody else writes there."""
    kept = Thread.objects.take_up(thread)
    row = _threads(thread).get()
    for status in Status.values:
        setattr(kept, status, getattr(row, f"true_{status}"))
    kept.conversations = max(kept.conversations, row.true_conversations)
    kept.save(update_fields=["conversations", *Status.values])
    for root in _wrong_roots(thread):
        Comment.objects.filter(pk=root.pk).update(
            reply_count=root.true_count, replies_given=max(root.replies_given, root.true_given)
        )
    touch(kept.tag)


def _threads(thread: int | None) -> QuerySet[Any]:
    rows = Thread.objects.all() if thread is None else Thread.objects.filter(pk=thread)
    return rows.order_by("pk").annotate(
        true_conversations=Coalesce(Max("comments__number"), 0),
        **{f"true_{status}": Count("comments", filter=Q(comments__status=status)) for status in Status.values},
    )


def _wrong_roots(thread: int | None) -> QuerySet[Any]:
    rows = Comment.objects.filter(root=None)
    if thread is not None:
        rows = rows.filter(thread=thread)
    return (
        rows.order_by("pk")
        .annotate(
            true_count=Count("conversation", filter=Q(conversation__status=Status.PUBLISHED)),
            true_given=Coalesce(Max("conversation__reply_number"), 0),
        )
        .exclude(reply_count=F("true_count"), replies_given__gte=F("true_given"))
    )
