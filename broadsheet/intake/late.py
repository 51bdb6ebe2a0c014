"""Rules about a score, asked once more when a score has come that the post had not waited for (LATE_SCORE_CHECKS)."""

from __future__ import annotations

from collections.abc import Mapping

from broadsheet.discussion.checks import Verdict
from broadsheet.discussion.models import Comment
from broadsheet.intake import rulesets
from broadsheet.intake.checks import verdict_of
from broadsheet.intake.listeners import note_found
from broadsheet.intake.subjects import Subject


def rules(comment: Comment, scores: Mapping[str, float]) -> list[Verdict]:
    """What the rules of now say of a comment with these scores; that they spoke is kept as if they had in time."""
    subject = Subject.once(comment)
    subject.scores = dict(scores)
    found = [verdict_of(each) for each in rulesets.current().only("score").findings(subject)]
    note_found(comment, {each.rule for each in found})
    return found
