"""How pages show what rules found."""

from __future__ import annotations

from typing import Any

from django import template

from broadsheet.intake import trying
from broadsheet.intake.models import Asks
from broadsheet.intake.rulesets import Finding

register = template.Library()
AROUND = 60  # characters before and after what is marked, where a text is long
LONG = 400


@register.filter
def pieces(body: str, spans: Any = None) -> list[trying.Piece]:
    """A comment's words with those spans marked; of a long one the part around the first of them."""
    marks = [(int(start), int(end)) for start, end in spans or []]
    if len(body) <= LONG:
        return trying.marked(body, marks)
    start = max(0, marks[0][0] - AROUND) if marks else 0
    end = min(len(body), start + LONG)
    cut = [(a - start, min(b, end) - start) for a, b in marks if start <= a < end]
    before, after = ("…" if start else ""), ("…" if end < len(body) else "")
    return [
        piece
        for piece in (
            trying.Piece(before, False), *trying.marked(body[start:end], cut), trying.Piece(after, False)
        )
        if piece.text
    ]  # fmt: skip


@register.filter
def would_ask(found: Finding) -> str:
    """What a rule would ask for if it were on."""
    return str(Asks(found.said.asks_for or found.rule.asks_for).label)
