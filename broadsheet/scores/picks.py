"""What a score says of a comment that may be proposed for a pick (setting PICK_GROUNDS)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from broadsheet.core.language import number
from broadsheet.discussion.models import Comment
from broadsheet.moderation.grounds import says
from broadsheet.moderation.urgency import Ground
from broadsheet.scores import asking
from broadsheet.scores.models import Kind, Score, Use
from broadsheet.scores.thresholds import Limited

NEAR = 0.8  # nearer to the story than four of five comments under it
NEAR_MINUTES = 30


def of(comment: Comment) -> list[Ground] | None:
    """Near to its story speaks for it. Where the top of the queues begins by its words, it is not proposed."""
    score = Score.objects.filter(comment=comment).first() if asking.is_on() else None
    if score is None:
        return []
    top = Limited(score.model, Use.now()).of(Kind.INAPPROPRIATE, score.language).top
    if score.inappropriate is not None and score.inappropriate >= top:
        return None
    if score.relevance is None or score.relevance < NEAR:
        return []
    return [Ground("near", NEAR_MINUTES, {"percent": int(score.relevance * 100)})]


@says("near")
def _near(facts: dict[str, Any]) -> str:
    return _("Nearer to the story than %(n)s of a hundred comments") % {"n": number(facts.get("percent", 0))}
