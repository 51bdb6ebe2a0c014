"""A rule in hindsight: what it would have found in a period, and holding what it found.

Both are tasks that go through the comments in their order and keep how far they are, so that one whose worker was
killed goes on where that one stopped.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django_tasks import task

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.discussion.actions import keep_findings
from broadsheet.discussion.models import Comment, CommentQuerySet, Status
from broadsheet.intake import rulesets
from broadsheet.intake.checks import verdict_of
from broadsheet.intake.facts import looks_the_same
from broadsheet.intake.models import Found, Run, RunFound
from broadsheet.intake.rulesets import Ruleset
from broadsheet.intake.subjects import Subject
from broadsheet.moderation.by_rule import hold_by_rule, why_not_hold_by_rule
from broadsheet.moderation.people import scopes

STEP = 200  # comments between two notes of how far a run is
LOST = timedelta(minutes=15)  # a run that has said nothing for so long is nowhere; it may be asked for again
EXAMPLES = 10


@dataclass
class Result:
    """What a run has found, by what became of those comments."""

    published: int = 0
    rejected: int = 0
    pending: int = 0
    withdrawn: int = 0

    @property
    def all(self) -> int:
        return self.published + self.rejected + self.pending + self.withdrawn


def size(since: datetime, until: datetime) -> int:
    """How many comments of that period there are to look at."""
    return _of_period(since, until).count()


def state_of(run: Run) -> Run.State:
    """Its state as it is now; one that has long said nothing has failed."""
    busy = {Run.State.WAITING, Run.State.LOOKING, Run.State.HOLDING}
    if run.state in busy and run.heard_at < clock.now() - LOST:
        return Run.State.FAILED
    return Run.State(run.state)


def why_not_hold(run: Run) -> str | None:
    """Why what it found cannot be held; None when it can."""
    if state_of(run) != Run.State.LOOKED:
        return _("Only what a finished run has found can be held, and only once.")
    if not looks_the_same(run.rule, run.facts):
        return _("The rule has been changed since. Please look again before anything is held.")
    return None


def result_of(run: Run) -> Result:
    """What it has found so far, by the status these comments have now."""
    statuses = run.found.values_list("comment__status", flat=True).order_by()
    return Result(**Counter(statuses))


def examples_of(run: Run, moderator: Reader, *statuses: Status) -> list[RunFound]:
    """The first few of what it found that have one of these statuses now, of the sections of whoever looks."""
    rows = scopes.within(run.found.filter(comment__status__in=statuses), moderator).select_related(
        "comment__thread__story"
    )
    return list(rows.order_by("pk")[:EXAMPLES])


def to_hold(run: Run) -> int:
    """How many it would hold now: what readers can still see."""
    return run.found.filter(comment__status=Status.PUBLISHED).count()


@task()
def look(pk: int) -> None:
    """Look through the period of a run, from where it stopped."""
    run = Run.objects.select_related("rule").filter(pk=pk, state__in=[Run.State.WAITING, Run.State.LOOKING]).first()
    if run is None:
        return
    _note(run, state=Run.State.LOOKING)
    rules = rulesets.made_of([run.rule])
    while batch := _next(run):
        found = [row for comment in batch if (row := _found(run, rules, comment))]
        with transaction.atomic():
            RunFound.objects.bulk_create(found, ignore_conflicts=True)
            _note(run, done=run.done + len(batch), after=batch[-1].pk)
    _note(run, state=Run.State.LOOKED, finished_at=clock.now())


@task()
def hold(pk: int) -> None:
    """Hold what a run has found: each comment in a transaction of its own, and none that a moderator has decided on."""
    run = Run.objects.select_related("rule").filter(pk=pk, state=Run.State.HOLDING).first()
    if run is None:
        return
    rules = rulesets.made_of([run.rule])
    left = run.found.filter(comment__status=Status.PUBLISHED, comment__gt=run.after)
    for pk in left.order_by("comment").values_list("comment", flat=True).iterator(STEP):
        with transaction.atomic():  # what is held is counted with it, or neither
            done = _hold(run, rules, pk)
            _note(run, after=pk, held=run.held + done, passed=run.passed + (not done))
    _note(run, state=Run.State.HELD, finished_at=clock.now())


def _hold(run: Run, rules: Ruleset, pk: int) -> bool:
    """Hold one comment, with what the rule says of it, and whether that was done."""
    comment = Comment.objects.with_story().select_related("author", "parent").get(pk=pk)
    if why_not_hold_by_rule(comment):
        return False
    with transaction.atomic():
        findings = [
            replace(verdict_of(found), status=Status.PENDING, reason=found.said.reason, minutes=run.rule.minutes)
            for found in rules.findings(Subject.once(comment))
        ]  # a rule on trial, too, holds what it is told to hold
        at = clock.now()
        keep_findings(comment, findings, at)
        held = bool(findings) and hold_by_rule(comment=comment, rule=run.rule.name) is not None
        if held:
            Found.objects.get_or_create(rule=run.rule, comment=comment, defaults={"at": at})
        else:
            transaction.set_rollback(True)
        return held


def _of_period(since: datetime, until: datetime) -> CommentQuerySet:
    return Comment.objects.filter(created_at__gte=since, created_at__lt=until).exclude(body="")


def _next(run: Run) -> list[Comment]:
    rows = _of_period(run.since, run.until).filter(pk__gt=run.after)
    return list(rows.with_story().select_related("author", "parent").order_by("pk")[:STEP])


def _found(run: Run, rules: Ruleset, comment: Comment) -> RunFound | None:
    found = rules.findings(Subject.once(comment))
    if not found:
        return None
    reason = " ".join(each.said.reason for each in found)
    spans = [list(span) for each in found for span in each.said.spans]
    return RunFound(run=run, comment=comment, reason=reason[:300], spans=spans)


def _note(run: Run, **facts: object) -> None:
    """Keep how far it is."""
    for name, value in {**facts, "heard_at": clock.now()}.items():
        setattr(run, name, value)
    run.save(update_fields=[*facts, "heard_at"])
