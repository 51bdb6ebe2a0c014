"""What readers may see of the desk's work, where the newsroom wants it: reasons and counts, never words and names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Min, Q

from broadsheet.discussion.models import Status
from broadsheet.moderation.models import AUTOMATIC, COMPLAINTS, NEW, Decision, Reason, Source
from broadsheet.moderation.overview import figures
from broadsheet.moderation.overview.models import Day
from broadsheet.stories.models import Story

WEEKS, MONTHS = 8, 12
LATEST = 50
EVERY = timedelta(
    minutes=10
)  # the page is made anew so often: a log need not hurry, and nobody can time a decision by it


@dataclass(frozen=True)
class Line:
    """One act on a comment under a public story: what, why, when, and whether somebody or a rule did it."""

    at: datetime
    story: Story
    act: str  # removed, held back or put back
    reason: Reason | None
    by_rule: bool


@dataclass(frozen=True)
class Stretch:
    """A week or a month: its first day, how much was removed or held back, and for which reasons."""

    first: date
    reasons: list[int]  # in the order of COMPLAINTS

    @property
    def total(self) -> int:
        return sum(self.reasons)


def latest(now: datetime) -> list[Line]:
    """The latest acts, newest first: one range of an index, and only of stories that are public now."""
    rejected = Q(after=Status.REJECTED) & ~Q(seen=Status.REJECTED)
    restored = Q(seen=Status.REJECTED, after=Status.PUBLISHED)
    rows = Decision.objects.filter(rejected | restored, picked=None, locked=None).exclude(source=Source.IMPORT)
    shown = rows.filter(created_at__lt=now, comment__thread__story__in=Story.objects.public(now))
    found = shown.select_related("comment__thread__story").order_by("-created_at", "-pk")[:LATEST]
    return [
        Line(
            at=row.created_at,
            story=row.comment.thread.story,
            act=_act(row),
            reason=Reason(row.reason) if row.after == Status.REJECTED else None,
            by_rule=row.source in AUTOMATIC,
        )
        for row in found
    ]


def _act(row: Decision) -> str:
    if row.after == Status.PUBLISHED:
        return "put back"
    return "held back" if row.seen in {NEW, Status.PENDING} else "removed"


def weeks() -> list[Stretch]:
    """The last weeks, from Monday to Sunday, the latest first."""
    monday = figures.today() - timedelta(days=figures.today().weekday())
    return list(_stretches([monday - timedelta(weeks=number) for number in range(WEEKS)]))


def months() -> list[Stretch]:
    """The last months, the latest first."""
    today = figures.today()
    count = today.year * 12 + today.month - 1
    return list(_stretches([date((count - back) // 12, (count - back) % 12 + 1, 1) for back in range(MONTHS)]))


def _stretches(firsts: list[date]) -> Iterator[Stretch]:
    """What is counted between each of these days and the next, latest first; days that are over, and today not."""
    rows = list(Day.objects.filter(day__gte=firsts[-1]).values_list("day", "figures"))
    began = Day.objects.aggregate(first=Min("day"))["first"]
    for place, first in enumerate(firsts):
        end = firsts[place - 1] if place else date.max
        if began is None or began >= end:
            return  # before the counting began: a nought would be a claim
        reasons: Counter[str] = Counter()
        for day, counted in rows:
            if first <= day < end:
                reasons.update(counted.get("reasons", {}))
        yield Stretch(first, [reasons[reason] for reason in COMPLAINTS])
