"""What the scorer says, on a card of the desk (setting CARD_PARTS): each answer by itself, with its reasons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.functional import Promise

from broadsheet.accounts.models import Reader
from broadsheet.discussion.models import Comment
from broadsheet.moderation.overview.charts import percent
from broadsheet.moderation.parts import Part
from broadsheet.scores import asking, words
from broadsheet.scores.models import Kind, Score, Use, Waiting
from broadsheet.scores.thresholds import Limited
from broadsheet.scoring.detectors import FOUND

LIKELY = 0.5  # from which on a kind is named
PASSAGES = 4  # of one answer that are quoted
AMONG = "among its comments"  # the scorer's code for a nearness that was found by comparing with these

Word = Promise | str


@dataclass(frozen=True)
class Line:
    """One answer: how high, where that stands, why, and the words that made it so; or why it is unknown."""

    label: Word
    value: str = ""  # 0.97
    stands: int | None = None  # of a thousand approved comments, as high; None: there are too few
    is_above: bool = False
    unknown: Word = ""
    reasons: list[Word] = field(default_factory=list)
    passages: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Shown:
    """All answers about one comment."""

    lines: list[Line]
    does: list[Word]  # what advances the story
    passages: list[str]  # and where
    relevance: str  # the share of comments that are less near to their story; empty: unknown
    is_among: bool  # of this story's comments: there are enough of them
    why_not: Word  # why that is unknown


def on_card(comments: list[Comment], moderator: Reader | None) -> Iterator[tuple[int, Part]]:
    """At most six queries, however many comments; none where there is no scorer."""
    if not asking.is_on():
        return
    numbers = [comment.pk for comment in comments]
    scores = {score.comment_id: score for score in Score.objects.filter(comment__in=numbers)}
    waiting = set(Waiting.objects.filter(comment__in=numbers).values_list("comment", flat=True))
    use = Use.now() if scores else Use()
    limits = {model: Limited(model, use) for model in {score.model for score in scores.values()}}
    for comment in comments:
        if score := scores.get(comment.pk):
            facts = {
                "shown": shown(comment, score, limits[score.model]),
                "suspect": _suspect(score, limits[score.model]),
            }
            yield comment.pk, Part("scores/_card.html", facts)
        elif comment.pk in waiting:
            yield comment.pk, Part("scores/_card.html", {"shown": None})


def _suspect(score: Score, limited: Limited) -> int | None:
    """The comment's number where its score is high enough for somebody to say that it is wrong."""
    value = score.inappropriate
    return (
        score.comment_id if value is not None and value >= limited.of(Kind.INAPPROPRIATE, score.language).top else None
    )


def shown(comment: Comment, score: Score, limits: Limited) -> Shown:
    """What the card tells of a score."""
    advancing = [name for name in words.ADVANCES if (score.values.get(name) or 0) >= FOUND]
    found = dict.fromkeys(passage for name in advancing for passage in _passages(comment, score, name))
    return Shown(
        lines=[_line(kind, comment, score, limits) for kind in Kind],
        does=[words.ADVANCES[name] for name in advancing],
        passages=[one for one in found if not any(one != other and one in other for other in found)],
        relevance="" if score.relevance is None else percent(score.relevance),
        is_among=score.reasons.get("relevance") == AMONG,
        why_not=words.UNKNOWN.get(score.reasons.get("relevance", ""), ""),
    )


def _line(kind: Kind, comment: Comment, score: Score, limited: Limited) -> Line:
    value: float | None = getattr(score, kind)
    if value is None:
        reason = score.reasons.get(kind, "")
        return Line(kind.label, unknown=words.UNKNOWN.get(reason, reason))
    limits = limited.of(kind, score.language)
    return Line(
        kind.label,
        words.told(value),
        limits.stands(value),
        value >= limits.hold,
        reasons=_reasons(kind, value, score),
        passages=_passages(comment, score, kind) if value >= limits.top else [],
    )


def _reasons(kind: Kind, value: float, score: Score) -> list[Word]:
    if kind == Kind.SPAM:
        return [words.SPAM[code] for code in score.reasons.get("spam", "").split(",") if code in words.SPAM]
    return [label for name, label in words.KINDS.items() if (score.values.get(name) or 0) >= LIKELY]


def _passages(comment: Comment, score: Score, name: str) -> list[str]:
    """The words that an answer rests on, those that say most first."""
    marks = sorted(score.marks.get(name, []), key=lambda mark: -mark[2])[:PASSAGES]
    return list(dict.fromkeys(comment.body[start:end] for start, end, *_ in marks if comment.body[start:end].strip()))
