"""What this newsroom does with the scorer's answers, for the model card's page."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from broadsheet.core.language import number
from broadsheet.scores import asking
from broadsheet.scores.backends.models import Backend
from broadsheet.scores.card.words import decimals
from broadsheet.scores.models import Kind, Score, State, Use
from broadsheet.scores.thresholds import Limited


@dataclass(frozen=True)
class Here:
    """How scores are used: whether at all, a sentence about each kind, where their thresholds are."""

    is_on: bool
    kinds: list[tuple[str, str, str]]  # the kind, what a high answer does, the threshold ("" where nothing is done)
    learns: bool
    nudges: bool
    others: int  # other programs that comments are sent to
    other_counts: bool  # and whether one of them has the word on what is inappropriate


def here(model: str) -> Here:
    """As it is now; `model` is the one whose thresholds count where nothing has been scored yet."""
    use = Use.now()
    latest = Score.objects.order_by("-made_at").values_list("model", flat=True).first()
    limited = Limited(latest or model, use)
    does = {
        State.OFF: _("nothing is done with it"),
        State.TRIAL: _("on trial: moderators see it, but no comment is held because of it"),
        State.ON: _("a comment above the threshold waits for a moderator"),
    }
    kinds = [
        (str(kind.label), does[state], _threshold(limited, kind, use) if state != State.OFF else "")
        for kind in Kind
        for state in [use.state_of(kind)]
    ]
    counts = list(Backend.objects.filter(is_on=True).values_list("counts", flat=True))
    return Here(asking.is_on(), kinds, use.learns, use.nudges, len(counts), any(counts))


def _threshold(limited: Limited, kind: Kind, use: Use) -> str:
    limits = limited.of(kind)
    told = {"threshold": decimals(limits.hold)}
    if limits.is_fixed:
        return _("the threshold is %(threshold)s on a scale from 0 to 1; a person has set it") % told
    if limits.scale is None:
        sentence = _(
            "the threshold is %(threshold)s on a scale from 0 to 1, as the program comes: we have not approved enough "
            "comments yet to work out our own"
        )
        return sentence % told
    above = limits.stands(limits.hold) if limits.is_least else use.false_alarms
    told |= {"share": number(above or 0), "comments": number(limits.scale.comments)}
    sentence = _(
        "the threshold is %(threshold)s on a scale from 0 to 1: of %(comments)s comments that we have approved, "
        "%(share)s in a thousand are above it"
    )
    return sentence % told
