"""What happens to comments and what is decided about them, as events and as mail (settings DISCUSSION_LISTENERS,
DECISION_LISTENERS)."""

from __future__ import annotations

from functools import partial

from broadsheet.discussion.happenings import Happening
from broadsheet.discussion.happenings import Kind as Happened
from broadsheet.discussion.models import Status
from broadsheet.moderation.models import AUTOMATIC, Decision
from broadsheet.webhooks import events, offers
from broadsheet.webhooks.models import Kind

HAPPENED = {
    Happened.PUBLISHED: Kind.PUBLISHED,
    Happened.RESTORED: Kind.PUBLISHED,
    Happened.EDITED: Kind.EDITED,
    Happened.SHOWN_ANEW: Kind.EDITED,
    Happened.WITHDRAWN: Kind.WITHDRAWN,
}
DECIDED = {Status.PENDING: Kind.HELD, Status.REJECTED: Kind.REJECTED}  # by a moderator, or by a rule


def heard(happening: Happening) -> None:
    """Tell of what authors do, and of what becomes public."""
    if kind := HAPPENED.get(happening.kind):
        events.record(kind, partial(events.about_comment, happening.comment), happening.comment)


def decided(decision: Decision) -> None:
    """Tell of a decision, and of a comment that it holds or rejects; what a rule holds waits for somebody."""
    comment, by_rule = decision.comment, decision.source in AUTOMATIC
    told = partial(_told, decision)
    if not by_rule:
        events.record(Kind.DECISION, told, comment)
    if decision.after != decision.seen and decision.after in DECIDED:
        events.record(DECIDED[Status(decision.after)], told, comment)
    if by_rule and decision.after == Status.PENDING:
        offers.offer(comment)


def _told(decision: Decision) -> events.Data:
    """The comment with what was decided about it."""
    return {
        **events.about_comment(decision.comment),
        "decision": {
            "number": decision.number,
            "act": decision.act,
            "before": decision.seen or None,
            "after": decision.after,
            "reason": decision.reason or None,
            "source": decision.source,
            "made_at": decision.created_at.isoformat(),
        },
    }
