"""How the scorer is doing: today, and hour by hour for three months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q, Sum

from broadsheet.core import clock, troubles
from broadsheet.scores import asking
from broadsheet.scores.models import Hour, Score, Waiting

DAY = timedelta(days=1)
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
    failed = Hour.objects.filter(at__gt=since).aggregate(all=Sum("failed"))["all"]
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
        failed=failed or 0,
        middle=_at(times, 0.5),
        slow=_at(times, 0.95),
        waiting=waits["all"],
        waiting_old=waits["all"] - waits["new"],
        oldest=waits["oldest"],
        troubles=[str(each) for each in troubles.standing() if each.what in {troubles.SCORER, troubles.SCORES}],
    )


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
    found = rows.aggregate(
        scored=Count("pk"), late=Count("pk", filter=Q(late=True)), milliseconds=Sum("milliseconds"),
        slowest=Max("milliseconds"),
    )  # fmt: skip
    facts = {name: value or 0 for name, value in found.items()}
    if facts["scored"]:
        Hour.objects.update_or_create(at=hour, defaults=facts)
