"""What rules need to know of what happens in discussions (setting DISCUSSION_LISTENERS)."""

from __future__ import annotations

from broadsheet.discussion.happenings import Happening, Kind
from broadsheet.discussion.models import Comment
from broadsheet.intake import prints
from broadsheet.intake.checks import PREFIX
from broadsheet.intake.models import Found, Rule, State


def heard(happening: Happening) -> None:
    """Keep what a comment's words look like, and which rules have found something in it."""
    if happening.kind not in {Kind.POSTED, Kind.EDITED}:
        return
    comment, findings = happening.comment, happening.judgement.findings if happening.judgement else ()
    prints.keep(comment)
    if names := {found.rule for found in findings if found.check.startswith(PREFIX)}:
        note_found(comment, names)


def note_found(comment: Comment, names: set[str]) -> None:
    """Keep which rules spoke about a comment's words as they are now; its flags say what they said."""
    at = comment.edited_at or comment.created_at
    spoke = Rule.objects.filter(name__in=names).only("state")
    Found.objects.bulk_create(
        [Found(rule=rule, comment=comment, on_trial=rule.state == State.TRIAL, at=at) for rule in spoke],
        ignore_conflicts=True,
    )
