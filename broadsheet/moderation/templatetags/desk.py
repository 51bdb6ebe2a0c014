"""`{% load desk %}`: what the templates of the moderators' desk need."""

from __future__ import annotations

from dataclasses import dataclass

from django import template

from broadsheet.moderation.models import COMPLAINTS
from broadsheet.moderation.queues import Card

register = template.Library()


@dataclass
class Choice:
    """One reason to reject a comment, as an option on its card."""

    value: str
    label: str
    chosen: bool


@register.simple_tag
def reject_reasons(card: Card, typed: str = "") -> list[Choice]:
    """The reasons to reject this comment. What a refused form held is chosen again, else what readers say most."""
    chosen = typed or (card.grievances[0].reason.value if card.grievances else "")
    return [
        Choice(reason.value, f"{number} {reason.short}: {reason.label}", reason == chosen)
        for number, reason in enumerate(COMPLAINTS, start=1)
    ]
