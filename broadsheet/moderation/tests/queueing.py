"""Many comments that wait, made without the hours it takes to write them."""

from __future__ import annotations

from datetime import timedelta

from broadsheet.core import clock
from broadsheet.discussion.models import Comment, Status, Thread
from broadsheet.moderation.models import Entry, Queue


def many(thread, author, number, status=Status.PENDING, minutes=1, queue=None):
    """Rows as they are after some bad days; two share each moment. They wait where what has that status waits."""
    now = clock.now() - timedelta(days=2)
    start = Comment.objects.filter(thread=thread).count()
    rows = Comment.objects.bulk_create(
        Comment(
            thread=thread, author=author, author_name=author.name, number=start + n, body=f"Words {n}",
            html=f"<p>Words {n}</p>", words=f"words {n}", status=status, revision=start + n,
            created_at=now + timedelta(minutes=n // 2 * minutes),
        )
        for n in range(1, number + 1)
    )  # fmt: skip
    Thread.objects.filter(pk=thread.pk).update(
        conversations=start + number, **{status.value: Comment.objects.filter(thread=thread, status=status).count()}
    )
    if queue or status == Status.PENDING:
        put(rows, queue or Queue.PENDING)
    return rows


def put(rows, queue):
    """Places in a queue, by their age alone."""
    return Entry.objects.bulk_create(
        Entry(
            queue=queue,
            comment=row,
            thread_id=row.thread_id,
            section_id=row.thread.story.section_id,
            author_id=row.author_id,
            author_state="new",
            since=row.created_at,
            due=row.created_at,
        )
        for row in rows
    )


def numbers(page):
    return [card.comment.pk for card in page.cards]
