"""Undoing one's own latest decision about a comment: another decision, that puts everything back as it was."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.core.refusals import Refused, Stale
from broadsheet.discussion.actions import change_status, set_locked, set_pick
from broadsheet.discussion.models import Comment, Status
from broadsheet.moderation import actions, candidates, claims, entries, rules
from broadsheet.moderation.models import Decision, Outcome, Queue, Reason, Source

FOR = timedelta(days=1)  # after that people have been told, and have answered: decide again


def why_not_undo(moderator: Reader, decision: Decision, now: datetime, *, is_last: bool = False) -> str | None:
    """Why this person cannot undo that decision now; None when they can. `is_last`: it is known to be the latest."""
    if decision.moderator_id != moderator.pk:
        return _("Only whoever made a decision undoes it. You can decide anew instead.")
    if decision.undoes_id or decision.source == Source.APPEAL:
        return _("This decision cannot be undone. You can decide anew instead.")
    if decision.created_at < now - FOR:
        return _("A decision can be undone for a day. You can decide anew instead.")
    if not is_last and Decision.objects.filter(comment=decision.comment_id, number__gt=decision.number).exists():
        return _("Something else was decided about this comment since.")
    if decision.comment.status != decision.after:
        return _("Its author has withdrawn or changed this comment since.")
    return rules.why_not_decide(moderator, decision.comment)


def undo(*, moderator: Reader, decision: Decision) -> Decision:
    """Put a comment back as it was before one's decision: its status, its reports, its places in the queues.

    Sent twice, it undoes once. Raises Refused; Stale when a colleague or the author did something since.
    """
    with transaction.atomic():
        comment = actions.lock_row(decision.comment)
        if again := decision.undone_by.filter(moderator=moderator).first():
            return again  # a double click
        decision.comment = comment
        if why := why_not_undo(moderator, decision, clock.database_now()):
            raise Refused(why) if decision.moderator_id != moderator.pk else Stale(why)
        if why := claims.why_not_held(comment, moderator):
            raise Stale(why)
        return _undo(moderator, comment, decision)


def _undo(moderator: Reader, comment: Comment, decision: Decision) -> Decision:
    facts: dict[str, Any] = {"seen": comment.status}
    if decision.locked is not None:
        set_locked(comment=comment, locked=not decision.locked)
        facts["locked"] = comment.is_locked = not decision.locked
    elif decision.considered:
        _return_to_picks(comment, decision)
    elif decision.picked is not None:
        comment = set_pick(comment=comment, picked=not decision.picked, by=moderator)
        facts["picked"] = not decision.picked
        if decision.waited is not None:
            _return_to_picks(comment, decision)
    else:
        comment = _undo_status(comment, decision)
        facts["reason"] = _reason_before(decision) if comment.status == Status.REJECTED else ""
    return entries.keep(comment, moderator=moderator, source=Source.UNDO, undoes=decision, **facts)


def _undo_status(comment: Comment, decision: Decision) -> Comment:
    """The status as it was, the reports unanswered again, and the comment where it stood in the queues."""
    decision.reports.update(outcome=Outcome.WAITING, decision=None)
    if decision.seen != decision.after:
        comment = change_status(comment=comment, seen=decision.after, after=decision.seen)
    entries.leave(comment, Queue.PENDING, Queue.REPORTED, Queue.UNREVIEWED)
    if comment.status == Status.PENDING:
        entries.return_to(comment, Queue.PENDING, _began(decision))
    elif comment.is_public and (first := entries.first_report(comment)):
        entries.return_to(comment, Queue.REPORTED, first.created_at)
    elif comment.is_public and decision.waited is not None:
        entries.return_to(comment, Queue.UNREVIEWED, _began(decision))
    candidates.propose_again(comment)
    return comment


def _return_to_picks(comment: Comment, decision: Decision) -> None:
    """It stands there for what speaks for it, and where that puts it."""
    entries.return_to(comment, Queue.PICKS, _began(decision), candidates.grounds_of(comment) or ())


def _began(decision: Decision) -> datetime:
    """When the comment had begun to wait for this decision."""
    return decision.created_at - (decision.waited or timedelta())


def _reason_before(decision: Decision) -> str:
    """The reason for which the comment was rejected before that was taken back."""
    earlier = Decision.objects.filter(comment=decision.comment_id, number__lt=decision.number, after=Status.REJECTED)
    return earlier.order_by("-number").values_list("reason", flat=True).first() or Reason.OTHER
