"""What a script at the desk is told of a card: its state in plain facts, from which buttons and words follow."""

from __future__ import annotations

from typing import Any

from broadsheet.discussion.models import Status
from broadsheet.moderation.queues import Card


def state_of(card: Card) -> dict[str, Any]:
    """The card as it is now."""
    comment, screen = card.comment, card.screen
    return {
        "id": comment.pk,
        "status": str(comment.status),
        "label": str(Status(comment.status).label),
        "picked": comment.picked_at is not None,
        "locked": comment.is_locked,
        "queues": sorted(card.queues),
        "screen": {
            "seen": str(comment.status),
            "edited_at": screen.edited_at.isoformat() if screen.edited_at else "",
            "last_decision": screen.last_decision,
            "last_report": screen.last_report,
        },
        "held": card.held,
        "mine": card.is_mine,
        "why_not": card.why_not or "",
        "acts": card.acts,
        "undo": card.undo,
    }
