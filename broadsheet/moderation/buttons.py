"""Which acts a card offers to whom: the buttons follow from the comment, its queues, and who looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.discussion.models import Status
from broadsheet.moderation import undoing
from broadsheet.moderation.models import Queue

if TYPE_CHECKING:
    from broadsheet.moderation.queues import Card


def acts_of(card: Card, moderator: Reader) -> list[str]:
    """What can be done with a comment now, in the order of its buttons; nothing where a reason says why not."""
    comment = card.comment
    if card.why_not or card.held or comment.status == Status.WITHDRAWN:
        return []
    public, asked = comment.is_public, card.asked
    possible = {
        "approve": comment.status == Status.PENDING,
        "keep": public and card.can_be_kept,
        "restore": comment.status == Status.REJECTED,
        "reject": comment.status != Status.REJECTED,
        "hold": public,
        "pick": public and comment.picked_at is None,
        "unpick": public and comment.picked_at is not None,
        "pass over": public and Queue.PICKS in card.queues,
        "lock": public and not comment.is_locked,
        "unlock": comment.is_locked,
        "ask": bool(card.places) and asked is None,
        "opine": asked is not None and asked.asked_by_id != moderator.pk,
        "need no opinion": asked is not None and asked.asked_by_id == moderator.pk,
        "put back": card.is_mine,
    }
    return [act for act, can in possible.items() if can]


def undo_of(card: Card, moderator: Reader) -> int | None:
    """The decision that this moderator may undo now, by its row's number; None when there is none."""
    last = card.decisions[0] if card.decisions else None
    if last is None or last.moderator_id != moderator.pk:
        return None
    last.comment = card.comment
    return None if undoing.why_not_undo(moderator, last, clock.now(), is_last=True) else last.pk
