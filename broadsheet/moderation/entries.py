"""Places in the desk's queues: who comes in, who goes out, and in which order they stand.

Each function is called inside the transaction of what it follows from, so that a queue is never behind the comments.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from broadsheet.core import clock
from broadsheet.discussion.happenings import Arrival, Happening, Kind
from broadsheet.discussion.models import Comment, Status
from broadsheet.moderation import listeners
from broadsheet.moderation.models import (
    COMPLAINTS,
    LONGEST_NOTE,
    NEW,
    Decision,
    Entry,
    Outcome,
    Queue,
    Reason,
    Report,
    Source,
)
from broadsheet.moderation.urgency import Ground, weigh

PUBLIC = (Queue.REPORTED, Queue.UNREVIEWED, Queue.PICKS)  # what is no longer public waits in none of these


def enter(comment: Comment, queue: Queue, *, since: datetime | None = None, more: Iterable[Ground] = ()) -> Entry:
    """Put a comment into a queue, or weigh it anew where it waits there already; `since` is then as it was.

    `more` are grounds beside those that are known of every comment (moderation.urgency).
    """
    places = list(Entry.objects.filter(comment=comment).order_by("pk"))
    waiting = next((place for place in places if place.queue == queue), None)
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
    held = next((place for place in places if place.holder_id), None)
    if waiting is None and held:  # whoever holds the comment holds it in every queue
        facts |= {"holder_id": held.holder_id, "held_until": held.held_until}
    # One statement, whoever else enters the same at the same moment: every comment that is posted comes through here.
    (entry,) = Entry.objects.bulk_create(
        [Entry(comment=comment, queue=queue, **facts)],
        update_conflicts=True,
        unique_fields=["comment", "queue"],
        update_fields=list(facts),
    )
    return entry


def leave(comment: Comment, *queues: Queue) -> timedelta | None:
    """Take a comment out of these queues (of all, where none is named); how long it had waited, None: it did not."""
    places = Entry.objects.filter(comment=comment)
    if queues:
        places = places.filter(queue__in=queues)
    since = min(places.values_list("since", flat=True), default=None)
    if since is None:
        return None
    places.delete()
    return clock.database_now() - since


def return_to(comment: Comment, queue: Queue, since: datetime, more: Iterable[Ground] = ()) -> Entry:
    """Put a comment back where it stood in a queue: it has waited since then."""
    leave(comment, queue)
    return enter(comment, queue, since=since, more=more)


def leave_decided(comment: Comment, source: Source) -> timedelta | None:
    """Take a comment out of the queues that a decision about its status answers; how long it had waited there.

    An appeal is answered by a decision on that appeal alone, and whether something is a pick by who looks for picks.
    """
    answered = [Queue.PENDING, Queue.REPORTED, Queue.UNREVIEWED]
    if source == Source.APPEAL:
        answered.append(Queue.APPEALS)
    return leave(comment, *answered)


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
            if happening.kind == Kind.RESTORED and (unanswered := first_report(comment)):
                enter(comment, Queue.REPORTED, since=unanswered.created_at)
        case Kind.EDITED:
            if comment.status == Status.PENDING:
                enter(comment, Queue.PENDING)
            elif comment.is_public:
                enter(comment, Queue.UNREVIEWED)
        case Kind.JUDGED:
            leave(comment)
            _by_rule(happening, happening.before)
        case Kind.HIDDEN:
            leave(comment, *PUBLIC)
            if comment.status == Status.PENDING:
                enter(comment, Queue.PENDING)
        case Kind.WITHDRAWN:
            leave(comment)
        case Kind.CONFIRMED:
            keep(comment, seen=Status.PENDING, source=Source.RULE)


def arrived(arrivals: Sequence[Arrival]) -> None:
    """A listener of arrivals (setting ARRIVAL_LISTENERS): each with its decision, and what waited elsewhere waits here.

    Nobody is told. What its author or another system deleted has a tombstone and no decision: that is its author's.
    """
    at = clock.database_now()
    new = [each for each in arrivals if each.seen == NEW]
    made = [_brought(each, at, number=1) for each in new if each.comment.status != Status.WITHDRAWN]
    picked = [each for each in new if each.comment.is_public and each.comment.picked_at]
    made += [_brought(each, at, number=2, picked=True, seen=Status.PUBLISHED) for each in picked]
    Decision.objects.bulk_create(made, batch_size=200)
    for each in arrivals:
        comment = each.comment
        if each.seen not in {NEW, comment.status}:
            leave(comment)
            if comment.status != Status.WITHDRAWN:
                facts = {"seen": each.seen, "reason": _reason(each), "note": each.note[:LONGEST_NOTE]}
                add(comment, source=Source.IMPORT, **facts)
        if comment.status == Status.PENDING:
            enter(comment, Queue.PENDING)


def _brought(arrival: Arrival, at: datetime, **facts: Any) -> Decision:
    comment = arrival.comment
    given = {"seen": NEW, "after": comment.status, "reason": _reason(arrival), "note": arrival.note[:LONGEST_NOTE]}
    return Decision(comment=comment, source=Source.IMPORT, created_at=at, **{**given, **facts})


def _reason(arrival: Arrival) -> str:
    """A rejection has a reason, here as anywhere."""
    if arrival.comment.status != Status.REJECTED:
        return ""
    return arrival.reason if arrival.reason in COMPLAINTS else Reason.OTHER


def first_report(comment: Comment) -> Report | None:
    """The report about a comment that has waited longest; None when none waits."""
    return comment.reports.filter(outcome=Outcome.WAITING).order_by("pk").first()


def _by_rule(happening: Happening, seen: str) -> None:
    """What a check did with a comment; its author and whoever listens hear of a rejection as of a moderator's."""
    rejected = happening.comment.status == Status.REJECTED
    given = happening.complaint if happening.complaint in COMPLAINTS else Reason.OTHER
    keep(happening.comment, seen=seen, source=Source.RULE, reason=given if rejected else "")


def keep(comment: Comment, **facts: Any) -> Decision:
    """Add an act to the comment's decisions, answer those who reported what is removed, and tell whoever listens."""
    made = add(comment, **facts)
    if made.after == Status.REJECTED:
        comment.reports.filter(outcome=Outcome.WAITING).update(outcome=Outcome.REMOVED, decision=made)
    listeners.tell(made)
    return made


def add(comment: Comment, **facts: Any) -> Decision:
    """The row of an act; `facts` are its columns, and `after` is the comment's status unless they say.

    Nothing is decided beside it, as the discussion's row is held. Its moment is the database's, as a comment's is: what
    was written after a decision is newer than it.
    """
    last = comment.decisions.order_by("-number").values_list("number", flat=True).first()
    given = {"after": comment.status, **facts}
    return Decision.objects.create(comment=comment, number=(last or 0) + 1, created_at=clock.database_now(), **given)
