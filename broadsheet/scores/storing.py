"""Keeping what the scorer said of a comment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from broadsheet.core import clock
from broadsheet.discussion.models import Comment
from broadsheet.scores import about
from broadsheet.scores.asking import Said
from broadsheet.scores.models import Linked, Score
from broadsheet.scoring.answers import Answer, Mark, Scores


def keep(comment: Comment, said: Said, *, late: bool = False, honeypot: bool = False) -> Score:
    """The row of what was said about the comment's words, over that of any others."""
    facts = facts_of(said.scores) | {
        "language": said.scores.language,
        "parts": dict(said.scores.parts),
        "milliseconds": said.milliseconds,
        "late": late,
        "honeypot": honeypot,
        "made_at": clock.now(),
    }
    made: Score = Score.objects.update_or_create(comment=comment, defaults=facts)[0]
    return made


def facts_of(scores: Scores) -> dict[str, Any]:
    """The answers as rows keep them, and whose they are."""
    answers = _answers(scores)
    return {
        "model": scores.model,
        "inappropriate": scores.inappropriate.value,
        "spam": scores.spam.value,
        "relevance": scores.relevance.value,
        "values": {name: answer.value for name, answer in {**scores.kinds, **scores.advances}.items()},
        "reasons": {name: answer.reason for name, answer in answers.items() if answer.reason},
        "marks": {name: _marks(answer.marks) for name, answer in answers.items() if answer.marks},
    }


def _answers(scores: Scores) -> Mapping[str, Answer]:
    alone = {"inappropriate": scores.inappropriate, "spam": scores.spam, "relevance": scores.relevance}
    return {**alone, **scores.kinds, **scores.advances}


def _marks(marks: Iterable[Mark]) -> list[list[object]]:
    return [[mark.start, mark.end, mark.weight, mark.why] for mark in marks]


def keep_links(comment: Comment, *, anew: bool) -> None:
    """Which servers a comment links to; `anew` where it may have linked elsewhere before."""
    if anew:
        Linked.objects.filter(comment=comment).delete()
    Linked.objects.bulk_create(
        [Linked(comment=comment, host=host) for host in hosts_of(comment)], ignore_conflicts=True
    )


def hosts_of(comment: Comment) -> list[str]:
    """The servers a comment links to, as they are kept."""
    return [host[:255] for host in about.hosts_in(comment.body)] if "." in comment.body else []
