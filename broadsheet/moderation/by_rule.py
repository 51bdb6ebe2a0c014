"""What a rule of the newsroom does with a comment that is already public; what it does as one comes in: entries."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from broadsheet.discussion.actions import change_status
from broadsheet.discussion.models import Comment, Status, Thread
from broadsheet.moderation import entries
from broadsheet.moderation.models import AUTOMATIC, LONGEST_NOTE, Decision, Queue, Source


def why_not_hold_by_rule(comment: Comment, since: datetime | None = None) -> str | None:
    """Why no rule takes that comment out of sight; None when one may. What a person has decided stands.

    `since`: what was decided before that moment was about other words.
    """
    if comment.status != Status.PUBLISHED:
        return _("The comment is not public.")
    decisions = comment.decisions.filter(created_at__gte=since) if since else comment.decisions
    last = decisions.order_by("-number").values_list("source", flat=True).first()
    if last is not None and last not in AUTOMATIC:
        return _("A moderator has decided about this comment.")
    return None


@transaction.atomic
def hold_by_rule(*, comment: Comment, rule: str, since: datetime | None = None) -> Decision | None:
    """Take a published comment out of sight until a moderator has looked, because a rule of that name speaks.

    None where it is no longer public, or a moderator has decided about it meanwhile: nothing has changed then. `since`
    is as in `why_not_hold_by_rule`.
    """
    Thread.objects.select_for_update().get(pk=comment.thread_id)
    comment = Comment.objects.select_for_update().get(pk=comment.pk)
    if why_not_hold_by_rule(comment, since):
        return None
    entries.enter(comment, Queue.PENDING)  # before it leaves the others: whoever holds it goes on
    waited = entries.leave(comment, *entries.PUBLIC)
    held = change_status(comment=comment, seen=Status.PUBLISHED, after=Status.PENDING)
    return entries.keep(held, seen=Status.PUBLISHED, source=Source.RULE, note=rule[:LONGEST_NOTE], waited=waited)
