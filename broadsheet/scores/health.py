"""How the scorer is doing: today, and hour by hour for three months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Max, Min, Q, Sum
from django.db.models.functions import TruncDate

from broadsheet.core import clock, troubles
from broadsheet.scores import asking
from broadsheet.scores.models import Hour, Score, Waiting

DAY, DAYS = timedelta(days=1), 14
MEASURED = 2_000  # scores that the middle and the slow time are read from, the latest
AGAIN = timedelta(hours=2)  # hours that are counted again: one may have been cut off


@dataclass(frozen=True)
class Health:
    """The scorer's last 24 hours, and what waits now."""

    is_on: bool
    model: str  # that answered last; empty: none has yet
    last_at: datetime | None
    scored: int
    late: int
    failed: int
    given_up: int  # threads that did not come back from a text
    middle: float | None  # milliseconds for one comment: half were faster
    slow: float | None  # and nineteen of twenty
    waiting: int
    waiting_old: int  # of these, only to be measured
    oldest: datetime | None  # since when the oldest new comment waits
    troubles: list[str]


def health() -> Health:
    """As it is now: six queries."""
    since = clock.now() - DAY
    last = Score.objects.order_by("-made_at").values_list("model", "made_at").first()
    counts = Score.objects.filter(made_at__gt=since).aggregate(all=Count("pk"), late=Count("pk", filter=Q(late=True)))
    hours = Hour.objects.filter(at__gt=since).aggregate(failed=Sum("failed"), given_up=Sum("given_up"))
    is_new = Q(is_new=True)
    waits = Waiting.objects.aggregate(
        all=Count("pk"), new=Count("pk", filter=is_new), oldest=Min("since", filter=is_new)
    )
    times = sorted(
        Score.objects.filter(made_at__gt=since).order_by("-made_at").values_list("milliseconds", flat=True)[:MEASURED]
    )
    return Health(
        is_on=asking.is_on(),
        model=last[0] if last else "",
        last_at=last[1] if last else None,
        scored=counts["all"],
        late=counts["late"],
        failed=hours["failed"] or 0,
        given_up=hours["given_up"] or 0,
        middle=_at(times, 0.5),
        slow=_at(times, 0.95),
        waiting=waits["all"],
        waiting_old=waits["all"] - waits["new"],
        oldest=waits["oldest"],
        troubles=[str(each) for each in troubles.standing() if each.what in {troubles.SCORER, troubles.SCORES}],
    )


@dataclass(frozen=True)
class DayOf:
    """One day of the scorer's, in whole numbers and milliseconds."""

    day: date
    scored: int
    late: int
    failed: int
    given_up: int
    mean: float | None
    slowest: float


def days() -> list[DayOf]:
    """The last two weeks, the latest first; days on which nothing happened are left out."""
    rows = Hour.objects.filter(at__gt=clock.now() - DAYS * DAY)
    summed = (
        rows.annotate(day=TruncDate("at", tzinfo=clock.newsroom_zone()))
        .values("day")
        .annotate(
            all=Sum("scored"), late_ones=Sum("late"), faults=Sum("failed"), stuck=Sum("given_up"),
            took=Sum("milliseconds"), longest=Max("slowest"),
        )
        .order_by("-day")
    )  # fmt: skip
    return [
        DayOf(
            row["day"],
            row["all"],
            row["late_ones"],
            row["faults"],
            row["stuck"],
            row["took"] / row["all"] if row["all"] else None,
            row["longest"],
        )
        for row in summed
    ]


def _at(times: list[float], share: float) -> float | None:
    return times[min(len(times) - 1, int(len(times) * share))] if times else None


def count_hours() -> None:
    """The regular job: what was scored in each of the last hours. What failed is counted where it fails."""
    now = clock.now()
    first = (now - AGAIN).replace(minute=0, second=0, microsecond=0)
    while first <= now:
        _count(first)
        first += timedelta(hours=1)


def _count(hour: datetime) -> None:
    rows = Score.objects.filter(made_at__gte=hour, made_at__lt=hour + timedelta(hours=1))
    found = rows.aggregate(  # the slowest first: after a sum of that name, the name is the sum's
        slowest=Max("milliseconds"), scored=Count("pk"), late=Count("pk", filter=Q(late=True)),
        milliseconds=Sum("milliseconds"),
    )  # fmt: skip
    facts = {name: value or 0 for name, value in found.items()}
    if facts["scored"]:
        Hour.objects.update_or_create(at=hour, defaults=facts)
