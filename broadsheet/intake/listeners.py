"""What rules need to know of what happens in discussions (setting DISCUSSION_LISTENERS)."""

from __future__ import annotations

from broadsheet.discussion.happenings import Happening, Kind
from broadsheet.discussion.models import Comment
from broadsheet.intake.checks import PREFIX
from broadsheet.intake.models import Found, Rule, State


def heard(happening: Happening) -> None:
    """Keep which rules have found something in what was posted or edited."""
    if happening.kind not in {Kind.POSTED, Kind.EDITED} or happening.judgement is None:
        return
    findings = happening.judgement.findings
    if names := {found.rule for found in findings if found.check.startswith(PREFIX)}:
        note_found(happening.comment, names)


def note_found(comment: Comment, names: set[str]) -> None:
    """Keep which rules spoke about a comment's words as they are now; its flags say what they said."""
    at = comment.edited_at or comment.created_at
    spoke = Rule.objects.filter(name__in=names).only("state")
    Found.objects.bulk_create(
        [Found(rule=rule, comment=comment, on_trial=rule.state == State.TRIAL, at=at) for rule in spoke],
        ignore_conflicts=True,
    )
