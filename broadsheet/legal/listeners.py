"""What follows from decisions, sanctions and withdrawals (settings DECISION_LISTENERS, SANCTION_LISTENERS,
DISCUSSION_LISTENERS), each inside the transaction of what it follows from.
"""

from __future__ import annotations

from broadsheet.discussion.happenings import Happening, Kind
from broadsheet.legal import appeals, notices, statements
from broadsheet.moderation.models import Decision
from broadsheet.moderation.people.models import Sanction


def decided(decision: Decision) -> None:
    """Answer the notices about the comment, write the statement of reasons, and follow what was appealed."""
    notices.follow(decision)
    statements.for_decision(decision)
    appeals.follow(decision)


def sanctioned(sanction: Sanction) -> None:
    """Write the statement of reasons of a warning, suspension or ban, where it restricts."""
    statements.for_sanction(sanction)


def heard(happening: Happening) -> None:
    """What its author withdraws needs no answer any more."""
    if happening.kind == Kind.WITHDRAWN:
        notices.withdrawn(happening.comment)
        appeals.withdrawn(happening.comment)
