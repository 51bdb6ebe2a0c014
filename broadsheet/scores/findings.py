"""What a score above its threshold is to the desk: a finding with its number, its threshold and the words marked.

A score notes, or holds. It never rejects: whatever a model says, a person decides.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from broadsheet.core.language import number
from broadsheet.discussion.checks import Verdict
from broadsheet.discussion.models import Status
from broadsheet.scores.models import Kind, State, Use
from broadsheet.scores.thresholds import Limited, Limits
from broadsheet.scoring.answers import Answer, Scores

PREFIX = "scores."  # begins the name under which a finding of the scorer is kept
LATE = f"{PREFIX}late"
MARKED = 6  # passages of one finding


def verdicts(scores: Scores, use: Use) -> list[Verdict]:
    """What is to be said of a comment with these scores, as the newsroom uses them."""
    limits = Limited(scores.model, use)
    answers = {Kind.INAPPROPRIATE: scores.inappropriate, Kind.SPAM: scores.spam}
    found = [_verdict(kind, answer, use.state_of(kind), limits, scores.language) for kind, answer in answers.items()]
    return [each for each in found if each]


def too_late() -> Verdict:
    """What is said of a comment that waits for its score."""
    return Verdict(Status.PENDING, _("The scorer has not answered yet."), check=LATE)


def _verdict(kind: Kind, answer: Answer, state: State, limited: Limited, language: str) -> Verdict | None:
    limits = limited.of(kind, language)
    if state == State.OFF or answer.value is None or answer.value < limits.top:
        return None
    is_above = answer.value >= limits.hold
    holds = is_above and state == State.ON
    reason = _reason(kind, answer.value, limits)
    return Verdict(
        Status.PENDING if holds else Status.PUBLISHED,
        _("On trial: %(finding)s") % {"finding": reason} if is_above and state == State.TRIAL else reason,
        check=f"{PREFIX}{kind}",
        score=answer.value,
        threshold=limits.hold,
        spans=spans(answer) if is_above else (),
    )


def _reason(kind: Kind, value: float, limits: Limits) -> str:
    """One sentence; where it stands among approved comments says more than its number."""
    likely = {Kind.INAPPROPRIATE: _("Its words may be inappropriate."), Kind.SPAM: _("It may be spam.")}[kind]
    stands = limits.stands(value)
    if stands is None:
        return likely
    if stands == 0:
        return _("%(likely)s No comment that you approved has a score as high.") % {"likely": likely}
    sentence = _("%(likely)s Of a thousand comments that you approved, %(n)s have a score as high.")
    return sentence % {"likely": likely, "n": number(stands)}


def spans(answer: Answer) -> tuple[tuple[int, int], ...]:
    """The passages that say most for it, in the order of the text."""
    best = sorted(answer.marks, key=lambda mark: -mark.weight)[:MARKED]
    return tuple(sorted({(mark.start, mark.end) for mark in best}))
