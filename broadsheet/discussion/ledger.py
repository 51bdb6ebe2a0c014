"""Keeps a discussion's counts and marks in step with its comments, and stamps what changed for the live cursor.

Everything here is for a transaction that has taken the thread up (`Thread.objects.take_up`). `counts` proves that it
is true.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from broadsheet.delivery.freshness import touch
from broadsheet.delivery.tags import reader_tag
from broadsheet.discussion.merit import merit_of
from broadsheet.discussion.models import DEPTH_SHOWN, REPLIES_SHOWN, VOICES, Comment, Status, Thread

STARS = (1, 2, 3, 4, 5)
_RATED = tuple(f"rated_{stars}" for stars in STARS)
COUNTS = (*Status.values, "picks", "notable", "started", "answered", "ratings", "rating_total", *_RATED)


def worth(comment: Comment) -> Counter[str]:
    """What one comment adds to each count of its discussion."""
    found = Counter({str(comment.status): 1})
    if comment.is_public:
        found["picks"], found["notable"] = int(comment.picked_at is not None), int(comment.notable)
    if comment.is_public and comment.parent_id is None:
        found["started"], found["answered"] = 1, int(comment.answered)
        if comment.rating:
            found["ratings"], found["rating_total"], found[f"rated_{comment.rating}"] = 1, comment.rating, 1
    return found


def weigh(comment: Comment) -> None:
    """Set what follows from the rest of the row: what speaks for it, and whether it stands among picks and answers."""
    comment.notable = comment.is_public and (comment.picked_at is not None or comment.badge in VOICES)
    comment.merit = merit_of(comment)


def place(thread: Thread, comment: Comment, parent: Comment | None) -> None:
    """Give a new comment its number and place. Its conversation's first comment counts it and is not stored here."""
    if parent is None:
        thread.conversations += 1
        comment.number = thread.conversations
    else:
        comment.root = root = parent.root or parent
        root.replies_given += 1
        root.reply_count += comment.status == Status.PUBLISHED
        comment.number, comment.reply_number, comment.depth = root.number, root.replies_given, parent.depth + 1
        comment.is_locked = parent.is_locked  # an import adds to what takes no more replies
    shown = comment.reply_number <= REPLIES_SHOWN and comment.depth <= DEPTH_SHOWN + 1
    comment.place = comment.number if shown else None


def count(thread: Thread, comment: Comment) -> None:
    """Count a comment that has just been stored."""
    _add(thread, worth(comment))


def enter(thread: Thread, comment: Comment) -> None:
    """Store a new comment, and count it."""
    comment.revision = thread.revision
    weigh(comment)
    comment.save(force_insert=True)
    count(thread, comment)
    if comment.answers and comment.is_public:
        mark_answered(thread, comment)
    keep(thread, comment)


def change(
    thread: Thread,
    comment: Comment,
    before: Counter[str],
    fields: Iterable[str],
    *,
    answered: bool = False,
    others: Iterable[Comment] = (),
) -> None:
    """Store changed columns of a comment, and count it for what it is worth now instead of `before`.

    `answered`: it was an answer until now, whatever it is from here on. `others` have been stored and look different.
    """
    _store(thread, comment, before, fields)
    if comment.answers or answered:
        mark_answered(thread, comment)
    keep(thread, comment, *others)


def mark_answered(thread: Thread, reply: Comment) -> None:
    """The question above is answered as long as an expert's or the author's reply to it is public."""
    question = thread.comments.get(number=reply.number, reply_number=0)
    answered = thread.comments.filter(root=question, answers=True, status=Status.PUBLISHED).exists()
    if answered != question.answered:
        before, question.answered = worth(question), answered
        stamp(thread)
        _store(thread, question, before, ["answered"])


def stamp(thread: Thread) -> None:
    """The next revision, for one more comment changed in the same transaction.

    No two changed comments share one: whoever reads changes in portions would lose those behind the cut.
    """
    thread.revision += 1


def keep(thread: Thread, *comments: Comment) -> None:
    """Store the thread's counts and revision, and drop its pages and those of the comments' authors, in one call."""
    thread.save(update_fields=["revision", "conversations", *COUNTS])
    touch(thread.tag, *{reader_tag(each.author_id) for each in comments if each.author_id and each.published_at})


def _store(thread: Thread, comment: Comment, before: Counter[str], fields: Iterable[str]) -> None:
    comment.revision = thread.revision
    weigh(comment)
    comment.save(update_fields=["revision", "merit", "notable", *fields])
    after = worth(comment)
    after.subtract(before)
    _add(thread, after)


def _add(thread: Thread, difference: Counter[str]) -> None:
    for name, number in difference.items():
        setattr(thread, name, getattr(thread, name) + number)
