"""Hiding a comment that many have reported until an editor has looked at it. Off until a newsroom sets a number."""

from __future__ import annotations

from collections import Counter

from django.conf import settings

from broadsheet.core import clock
from broadsheet.discussion.actions import change_status
from broadsheet.discussion.models import Comment, Status
from broadsheet.moderation import entries
from broadsheet.moderation.coordination import coordination_of
from broadsheet.moderation.models import Decision, Outcome, Queue, Reason, Report, Source
from broadsheet.moderation.reporters import credible


def are_set() -> bool:
    """Whether this newsroom lets reports hide anything."""
    return bool(settings.REPORTS_TO_HIDE or settings.ILLEGAL_REPORTS_TO_HIDE)


def hide_if_reached(comment: Comment) -> Decision | None:
    """Hold a public comment when enough credible readers have reported it since an editor last looked; or None.

    Called in the transaction of a report, with the thread's row locked. What an editor has answered does not count
    again, so a comment they approved is hidden only by as many fresh reports.
    """
    if not are_set():
        return None
    waiting = Report.objects.filter(comment=comment, outcome=Outcome.WAITING, reporter__isnull=False)
    rows = list(waiting.order_by("pk").values_list("reporter", "reason", "created_at"))
    counting = credible((reporter for reporter, _reason, _at in rows if reporter), clock.now())
    coordination = coordination_of(comment)
    agreed = coordination.reporters if coordination else frozenset()
    of_any = {pk for pk, _reason, _at in rows if pk in counting}
    of_illegal = {pk for pk, reason, _at in rows if pk in counting and reason == Reason.ILLEGAL}
    if not (
        _reached(settings.REPORTS_TO_HIDE, of_any, agreed)
        or _reached(settings.ILLEGAL_REPORTS_TO_HIDE, of_illegal, agreed)
    ):
        return None
    entries.enter(comment, Queue.PENDING, since=rows[0][2])  # before it leaves the others: whoever holds it goes on
    waited = entries.leave(comment, *entries.PUBLIC)
    held = change_status(comment=comment, seen=Status.PUBLISHED, after=Status.PENDING)
    commonest = Counter(reason for _pk, reason, _at in rows).most_common(1)[0][0]
    return entries.keep(held, seen=Status.PUBLISHED, source=Source.REPORTS, reason=commonest, waited=waited)


def _reached(limit: int, reporters: set[int], agreed: frozenset[int]) -> bool:
    """Whether there is a limit and they are so many, those who seem to have agreed on it counted as one."""
    return bool(limit) and len(reporters - agreed) + bool(reporters & agreed) >= limit
