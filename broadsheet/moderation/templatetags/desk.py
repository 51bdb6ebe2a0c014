"""`{% load desk %}`: what the templates of the moderators' desk need."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django import template

from broadsheet.core import text
from broadsheet.core.language import glance
from broadsheet.moderation.grounds import head_start as moved_by
from broadsheet.moderation.grounds import sentences
from broadsheet.moderation.keys import KEYS
from broadsheet.moderation.models import COMPLAINTS, Entry
from broadsheet.moderation.parts import Part
from broadsheet.moderation.queues import Card

register = template.Library()


@dataclass
class Choice:
    """One reason to reject a comment, as an option on its card."""

    value: str
    label: str
    chosen: bool


@register.filter
def age(moment: datetime, now: datetime) -> str:
    """How long ago, in one unit, as a glance wants it: "3 hours"."""
    return glance(now - moment)


@register.filter
def words(html: str) -> str:
    """The bare words of a comment's HTML, to be shortened and escaped."""
    return text.plain(html)


@register.simple_tag
def grounds(place: Entry) -> list[tuple[str, str]]:
    """Why a comment stands where it stands: each ground in words, with the time that it is worth."""
    return sentences(place)


@register.filter
def head_start(place: Entry) -> str:
    """How much longer a comment would have to have waited to stand here by its age alone."""
    return moved_by(place)


@register.simple_tag
def key_list(keys: dict[str, str]) -> list[tuple[str, object]]:
    """Each of the desk's keys with what it does, for this moderator."""
    return [(key, KEYS[act][1]) for act, key in keys.items()]


@register.simple_tag
def parts_at(card: Card, place: str) -> list[Part]:
    """What other apps show at this place of a card."""
    return card.parts_at(place)


@register.simple_tag
def reject_reasons(card: Card, typed: str = "") -> list[Choice]:
    """The reasons to reject this comment. What a refused form held is chosen again, else what readers say most."""
    chosen = typed or (card.grievances[0].reason.value if card.grievances else "")
    return [
        Choice(reason.value, f"{number} {reason.short}: {reason.label}", reason == chosen)
        for number, reason in enumerate(COMPLAINTS, start=1)
    ]
