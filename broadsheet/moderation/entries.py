"""Places in the desk's queues: who comes in, who goes out, and in which order they stand.

Each function is called inside the transaction of what it follows from, so that a queue is never behind the comments.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from broadsheet.core import clock
from broadsheet.discussion.happenings import Happening, Kind
from broadsheet.discussion.models import Comment, Status
from broadsheet.moderation import listeners
from broadsheet.moderation.models import COMPLAINTS, NEW, Decision, Entry, Queue, Reason, Source
from broadsheet.moderation.urgency import Ground, weigh

PUBLIC = (Queue.REPORTED, Queue.UNREVIEWED, Queue.PICKS)  # what is no longer public waits in none of these


def enter(comment: Comment, queue: Queue, *, since: datetime | None = None, more: Iterable[Ground] = ()) -> Entry:
    """Put a comment into a queue, or weigh it anew where it waits there already; `since` is then as it was.

    `more` are grounds beside those that are known of every comment (moderation.urgency).
    """
    waiting = Entry.objects.filter(comment=comment, queue=queue).first()
    began = waiting.since if waiting else since or clock.database_now()
    weight = weigh(comment, queue, more)
    story = comment.thread.story
    facts = {
        "since": began,
        "due": began - timedelta(minutes=weight.minutes),
        "why": [ground.row for ground in weight.grounds],
        "thread_id": comment.thread_id,
        "section_id": story.section_id,
        "author_id": comment.author_id,
        "author_state": weight.author_state,
        "language": comment.language,
        "score": weight.score,
    }
    return Entry.objects.update_or_create(comment=comment, queue=queue, defaults=facts)[0]


def leave(comment: Comment, *queues: Queue) -> timedelta | None:
    """Take a comment out of these queues (of all, where none is named); how long it had waited, None: it did not."""
    places = Entry.objects.filter(comment=comment)
    if queues:
        places = places.filter(queue__in=queues)
    since = min(places.values_list("since", flat=True), default=None)
    places.delete()
    return clock.database_now() - since if since else None


def heard(happening: Happening) -> None:
    """A listener of discussions (setting DISCUSSION_LISTENERS): what came in, changed or went out of sight."""
    comment = happening.comment
    match happening.kind:
        case Kind.POSTED:
            if comment.status != Status.PUBLISHED:
                _by_rule(happening, NEW)
            if comment.status == Status.PENDING:
                enter(comment, Queue.PENDING)
        case Kind.PUBLISHED | Kind.RESTORED:
            leave(comment, Queue.PENDING)
            enter(comment, Queue.UNREVIEWED)
        case Kind.EDITED:
            if comment.status == Status.PENDING:
                if not comment.entries.filter(queue=Queue.PENDING).exists():
                    _by_rule(happening, Status.PUBLISHED)
                enter(comment, Queue.PENDING)
            elif comment.status == Status.REJECTED:
                _by_rule(happening, Status.PUBLISHED if leave(comment, Queue.PENDING) is None else Status.PENDING)
                leave(comment)
            elif comment.is_public:
                enter(comment, Queue.UNREVIEWED)
        case Kind.HIDDEN:
            leave(comment, *PUBLIC)
        case Kind.WITHDRAWN:
            leave(comment)
        case Kind.IMPORTED:
            _keep(comment, NEW, Source.IMPORT, "")


def _by_rule(happening: Happening, seen: str) -> None:
    """What a check did with a comment; its author and whoever listens hear of a rejection as of a moderator's."""
    rejected = happening.comment.status == Status.REJECTED
    given = happening.complaint if happening.complaint in COMPLAINTS else Reason.OTHER
    decision = _keep(happening.comment, seen, Source.RULE, given if rejected else "")
    if rejected:
        listeners.tell(decision)


def _keep(comment: Comment, seen: str, source: Source, reason: str) -> Decision:
    """The row of an act that nobody did but the newsroom's settings."""
    last = comment.decisions.order_by("-number").values_list("number", flat=True).first()
    return Decision.objects.create(
        comment=comment, number=(last or 0) + 1, source=source, seen=seen, after=comment.status, reason=reason
    )
