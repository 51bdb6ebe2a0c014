"""What other scorers say, on a card of the desk (setting CARD_PARTS): beside our own, each under its name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from broadsheet.accounts.models import Reader
from broadsheet.discussion.models import Comment
from broadsheet.moderation.parts import Part
from broadsheet.scores import words
from broadsheet.scores.backends.models import OtherScore
from broadsheet.scores.models import Kind

PASSAGES = 4  # of one answer that are quoted


@dataclass(frozen=True)
class Line:
    """One answer: of what, how high ("" is unknown), and the words it rests on."""

    label: str
    value: str
    passages: list[str] = field(default_factory=list)


def on_card(comments: list[Comment], moderator: Reader | None) -> Iterator[tuple[int, Part]]:
    """One query for all comments."""
    bodies = {comment.pk: comment.body for comment in comments}
    found: dict[int, list[tuple[OtherScore, list[Line]]]] = defaultdict(list)
    rows = OtherScore.objects.filter(comment__in=list(bodies), made_at__isnull=False).select_related("backend")
    for row in rows.order_by("backend__name"):
        found[row.comment_id].append((row, lines(vars(row), bodies[row.comment_id])))
    for number, others in found.items():
        yield number, Part("scores/_others.html", {"others": others})


def lines(facts: Mapping[str, Any], text: str) -> list[Line]:
    """The answers, as rows keep them, as people read them."""
    labels: dict[str, str] = {kind.value: str(kind.label) for kind in Kind} | {"relevance": _("Relevance")}
    return [
        Line(
            label, "" if facts[name] is None else words.told(facts[name]), _passages(facts["marks"].get(name, ()), text)
        )
        for name, label in labels.items()
    ]


def _passages(marks: Sequence[Sequence[Any]], text: str) -> list[str]:
    return list(dict.fromkeys(text[start:end] for start, end, *_ in marks[:PASSAGES]))
