"""How often moderators agreed with the scorer: of what its scores held or flagged, the share that they rejected.

Each decision by a person counts once. What a score held and nobody has looked at yet is in no share.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncWeek
from django.utils.html import format_html

from broadsheet.core import clock
from broadsheet.discussion.models import Status
from broadsheet.moderation.models import AUTOMATIC, Source
from broadsheet.moderation.overview import charts
from broadsheet.scores.models import DecisionScore

WEEKS = 12
NOT_ANEW = (
    *AUTOMATIC,
    Source.UNDO,
    Source.APPEAL,
)  # an undoing is no second opinion, and an appeal is about a decision


@dataclass(frozen=True)
class Share:
    """Decisions about what a score had spoken about."""

    rejected: int = 0
    kept: int = 0

    @property
    def all(self) -> int:
        return self.rejected + self.kept

    @property
    def percent(self) -> str:
        return charts.percent(self.rejected / self.all) if self.all else "–"


@dataclass(frozen=True)
class Shares:
    """The same for what was above its threshold, and for what was only near the top of the queue."""

    above: Share = Share()
    near: Share = Share()


def decided(since: datetime) -> QuerySet[DecisionScore]:
    """What people decided about comments that a score had spoken about."""
    return (
        DecisionScore.objects.filter(decision__created_at__gte=since)
        .filter(decision__picked=None, decision__locked=None)
        .filter(decision__after__in=[Status.REJECTED, Status.PUBLISHED])
        .exclude(asked="")
        .exclude(decision__source__in=NOT_ANEW)
        .order_by()
    )


def shares(rows: QuerySet[DecisionScore], by: str) -> dict[Any, Shares]:
    """The shares of each of the values of that column. One query."""
    rejected = Q(decision__after=Status.REJECTED)
    counted = rows.values(by, "above").annotate(
        rejected=Count("pk", filter=rejected), kept=Count("pk", filter=~rejected)
    )
    found: dict[Any, dict[str, Share]] = defaultdict(dict)
    for row in counted:
        found[row[by]]["above" if row["above"] else "near"] = Share(row["rejected"], row["kept"])
    return {value: Shares(**both) for value, both in found.items()}


@dataclass(frozen=True)
class Precision:
    """What the page shows of it."""

    chart: charts.Chart
    months: list[tuple[str, Shares]]
    languages: list[tuple[str, Shares]]
    kinds: list[tuple[str, Shares]]


def precision(labels: dict[str, str]) -> Precision:
    """Week by week, this month beside the last, by language and by what the score was for."""
    this_week = _monday(clock.in_newsroom(clock.now()).date())
    first = this_week - timedelta(weeks=WEEKS - 1)
    rows = decided(_midnight(first))
    by_week = shares(rows.annotate(week=TruncWeek("decision__created_at", tzinfo=clock.newsroom_zone())), "week")
    weeks = {moment.date(): both.above for moment, both in by_week.items()}
    by_language = shares(rows, "decision__comment__language")
    return Precision(
        chart=chart(
            [(first + timedelta(weeks=n), weeks.get(first + timedelta(weeks=n), Share())) for n in range(WEEKS)]
        ),
        months=_months(),
        languages=sorted(by_language.items(), key=lambda each: -each[1].above.all),
        kinds=[(labels[kind], both) for kind, both in sorted(shares(rows, "asked").items()) if kind in labels],
    )


def _months() -> list[tuple[str, Shares]]:
    """This month and the last."""
    today = clock.in_newsroom(clock.now()).date()
    this = today.replace(day=1)
    last = (this - timedelta(days=1)).replace(day=1)
    found: list[tuple[str, Shares]] = []
    for first, end in ((this, today + timedelta(days=1)), (last, this)):
        rows = decided(_midnight(first)).filter(decision__created_at__lt=_midnight(end))
        both = {each: Share() for each in (True, False)}
        for row in rows.values("above", "decision__after").annotate(n=Count("pk")):
            old = both[row["above"]]
            is_rejected = row["decision__after"] == Status.REJECTED
            both[row["above"]] = Share(old.rejected + is_rejected * row["n"], old.kept + (not is_rejected) * row["n"])
        month = format_html('<time datetime="{}">{}</time>', f"{first:%Y-%m}", clock.month(_midnight(first)))
        found.append((month, Shares(both[True], both[False])))
    return found


def chart(weeks: Iterable[tuple[date, Share]]) -> charts.Chart:
    """A bar a week, as high as the share that was rejected; nothing where nothing was decided."""
    rows = list(weeks)
    room = (charts.WIDTH - charts.LEFT - charts.RIGHT) / len(rows)
    columns = [
        charts.Column(
            day=week,
            words=charts.day_words(week),
            x=round(charts.LEFT + room * (place + 0.1), 1),
            width=round(room * 0.8, 1),
            label=(len(rows) - 1 - place) % 2 == 0,
            low=_height(share.rejected / share.all) if share.all else None,
            numbers=(share.rejected, share.kept),
        )
        for place, (week, share) in enumerate(rows)
    ]
    return charts.Chart(columns, [charts.Line(_height(part), charts.percent(part)) for part in (0.5, 1.0)])


def _height(share: float) -> float:
    return round(charts.HEIGHT - charts.FOOT - (charts.HEIGHT - charts.FOOT - charts.TOP) * share, 1)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.newsroom_zone())
