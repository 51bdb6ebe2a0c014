"""The newsroom's rules as checks of what comes in (setting DISCUSSION_CHECKS)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from broadsheet.discussion import checks
from broadsheet.discussion.checks import Submission, Verdict
from broadsheet.discussion.models import Status
from broadsheet.intake import rulesets
from broadsheet.intake.models import STATUS_ASKED, Asks
from broadsheet.intake.rulesets import Finding
from broadsheet.intake.subjects import Subject

PREFIX = "rules."  # begins the name under which a finding of a rule is kept; its kind follows


def rules(submission: Submission) -> list[Verdict]:
    """Every rule of the newsroom that speaks under that story, each with all it has found."""
    return [verdict_of(found) for found in rulesets.current_for(submission).findings(Subject.of(submission))]


def links(submission: Submission) -> Verdict | None:
    """The built-in check for links, silent where the newsroom has a rule of its own for them."""
    if rulesets.current_for(submission).replaces("links", submission.thread):
        return None
    return checks.links(submission)


def newcomer(submission: Submission) -> Verdict | None:
    """The built-in check for a reader's first comments, silent where the newsroom has a rule of its own for them."""
    if rulesets.current_for(submission).replaces("newcomer", submission.thread):
        return None
    return checks.newcomer(submission)


def verdict_of(found: Finding) -> Verdict:
    """A rule's finding as discussions keep it."""
    rule, said = found.rule, found.said
    status = STATUS_ASKED[Asks(found.asks_for)]
    return Verdict(
        status,
        _("On trial: %(finding)s") % {"finding": said.reason} if rule.on_trial else said.reason,
        check=f"{PREFIX}{rule.kind}",
        rule=rule.name,
        score=said.score,
        threshold=said.threshold,
        spans=said.spans,
        minutes=0 if rule.on_trial else rule.minutes,
        complaint=rule.reason if status == Status.REJECTED else "",
    )
