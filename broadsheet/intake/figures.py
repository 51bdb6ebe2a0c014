"""What rules have found lately, and whether moderators agreed: for the pages of rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.discussion.models import Status
from broadsheet.intake.kinds import KINDS, Kind
from broadsheet.intake.models import Found, Rule, State
from broadsheet.moderation.people import scopes

LATELY = timedelta(days=30)
EXAMPLES = 10


@dataclass
class Figures:
    """What a rule found in a time, by what became of those comments."""

    found: int = 0
    published: int = 0
    rejected: int = 0

    @property
    def share_published(self) -> int | None:
        """Of a hundred that have been decided, how many are published: what the rule was wrong about. None: of none."""
        decided = self.published + self.rejected
        return round(100 * self.published / decided) if decided else None


@dataclass
class Row:
    """A rule in the list of all."""

    rule: Rule
    kind: Kind
    figures: Figures


def rules_with_figures() -> list[Row]:
    """All rules in their order, with the figures of the last thirty days; two queries."""
    counted = _counted(clock.now() - LATELY)
    rows = Rule.objects.filter(kind__in=KINDS).select_related("section", "story").prefetch_related("switches")
    return [Row(rule, KINDS[rule.kind], counted.get(rule.pk, Figures())) for rule in rows]


def of_rule(rule: Rule) -> Figures:
    """The figures of one rule: since its trial began, else of the last thirty days."""
    return _counted(_since(rule), rule).get(rule.pk, Figures())


def examples_of(rule: Rule, moderator: Reader) -> list[Found]:
    """The latest comments in which it found something, of the sections of whoever looks."""
    rows = scopes.within(rule.found.filter(at__gte=_since(rule)), moderator).select_related("comment__thread__story")
    return list(rows.order_by("-at", "-pk")[:EXAMPLES])


def _since(rule: Rule) -> datetime:
    month_ago = clock.now() - LATELY
    return rule.trial_since or month_ago if rule.state == State.TRIAL else month_ago


def _counted(since: datetime, rule: Rule | None = None) -> dict[int, Figures]:
    rows = Found.objects.filter(at__gte=since)
    if rule:
        rows = rows.filter(rule=rule)
    sums = rows.values("rule").order_by().annotate(
        found=Count("pk"),
        published=Count("pk", filter=Q(comment__status=Status.PUBLISHED)),
        rejected=Count("pk", filter=Q(comment__status=Status.REJECTED)),
    )  # fmt: skip
    return {row["rule"]: Figures(row["found"], row["published"], row["rejected"]) for row in sums}
