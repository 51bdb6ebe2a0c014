"""`{% load own_comments %}`: what editors decided about somebody's own comments, as their author reads it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template

from broadsheet.discussion.models import Comment, Status
from broadsheet.moderation.models import Decision, Reason

register = template.Library()


@register.simple_tag
def decisions_on(comments: Iterable[Comment]) -> dict[int, Decision]:
    """The last decision whether to show each of these comments, by the comment's number; one query for all of them."""
    about = [comment.pk for comment in comments]
    found = Decision.objects.filter(comment__in=about, picked=None, locked=None).order_by("number")
    return {decision.comment_id: decision for decision in found}


@register.inclusion_tag("moderation/_decision_on.html")
def decision_on(comment: Comment, decisions: dict[int, Decision] | None = None) -> dict[str, Any]:
    """Why an editor removed one's comment or put it back, with the policy's line. Never who, and never their notes."""
    known = decisions_on([comment]) if decisions is None else decisions
    decision = known.get(comment.pk)
    if decision is not None and (decision.after != comment.status or comment.status == Status.WITHDRAWN):
        decision = None  # what it decided is not so any more
    has_line = decision is not None and decision.reason not in {"", Reason.OTHER, Reason.FINE}
    return {"comment": comment, "decision": decision, "has_line": has_line}
