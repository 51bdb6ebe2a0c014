"""What a score is worth in a queue, in minutes and in words (setting QUEUE_GROUNDS)."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from hashlib import blake2b
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from broadsheet.core.language import number
from broadsheet.discussion.models import Comment
from broadsheet.moderation.grounds import says
from broadsheet.moderation.models import Queue
from broadsheet.moderation.urgency import HOUR, Ground
from broadsheet.scores import asking
from broadsheet.scores.models import Kind, Score, State, Use
from broadsheet.scores.thresholds import Limited, Limits

LOOKED_AT = (Queue.REPORTED, Queue.PENDING, Queue.UNREVIEWED)
ABOVE = {Kind.INAPPROPRIATE: 6 * HOUR, Kind.SPAM: 2 * HOUR}  # as one report of the same is worth
TOP_SHARE = 3  # what only reaches the top of a queue is worth a third of that
SAMPLE = 2 * HOUR  # a random low score is read today


def of(comment: Comment, queue: Queue) -> Iterator[Ground]:
    """By where the score stands among this newsroom's approved comments; and a few low ones, drawn by lot."""
    score = Score.objects.filter(comment=comment).first() if asking.is_on() and queue in LOOKED_AT else None
    if score is None:
        return
    use = Use.now()
    limits = Limited(score.model, use)
    grounds = [
        ground
        for kind in Kind
        if use.state_of(kind) != State.OFF
        and (ground := _ground(kind, getattr(score, kind), limits.of(kind, score.language)))
    ]
    yield from grounds
    if queue == Queue.UNREVIEWED and not grounds and score.inappropriate is not None and is_drawn(comment, use.trickle):
        yield Ground("sample", SAMPLE, {})


def _ground(kind: Kind, value: float | None, limits: Limits) -> Ground | None:
    if value is None or value < limits.top:
        return None
    minutes = ABOVE[kind] if value >= limits.hold else ABOVE[kind] // TOP_SHARE
    return Ground("score", minutes, {"kind": kind.value, "score": value, "stands": limits.stands(value)})


def is_drawn(comment: Comment, permille: int) -> bool:
    """Whether a low score is among those that somebody reads all the same: by lot, and always the same ones."""
    drawn = hmac.new(settings.SECRET_KEY.encode(), f"trickle {comment.pk}".encode(), blake2b).digest()
    return int.from_bytes(drawn[:8], "big") % 1000 < permille


@says("score")
def _score(facts: dict[str, Any]) -> str:
    stands = facts.get("stands")
    if facts.get("kind") == Kind.SPAM:
        if stands is None:
            return _("The scorer says that it may be spam")
        return _("As likely spam as %(n)s of a thousand approved comments") % {"n": number(stands)}
    if stands is None:
        return _("The scorer says that it may be inappropriate")
    return _("As likely inappropriate as %(n)s of a thousand approved comments") % {"n": number(stands)}


@says("sample")
def _sample(facts: dict[str, Any]) -> str:
    return _("A low score, drawn by lot: so that we learn what the scorer misses")
