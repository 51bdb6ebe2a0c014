"""The half-years of the transparency report."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from broadsheet.core import clock
from broadsheet.legal.models import Notice, Statement

_SLUG = re.compile(r"(20\d\d)-([12])")


@dataclass(frozen=True, order=True)
class Period:
    """January to June, or July to December, on the newsroom's calendar."""

    year: int
    half: int

    @property
    def slug(self) -> str:
        return f"{self.year}-{self.half}"

    @property
    def start(self) -> datetime:
        return datetime(self.year, 1 if self.half == 1 else 7, 1, tzinfo=clock.newsroom_zone())

    @property
    def end(self) -> datetime:
        return self.next.start

    @property
    def next(self) -> Period:
        return Period(self.year, 2) if self.half == 1 else Period(self.year + 1, 1)

    @property
    def label(self) -> str:
        if self.half == 1:
            return _("January to June %(year)s") % {"year": self.year}
        return _("July to December %(year)s") % {"year": self.year}

    def is_over(self, now: datetime) -> bool:
        return now >= self.end


def period_of(moment: datetime) -> Period:
    """The half-year a moment is in."""
    local = clock.in_newsroom(moment)
    return Period(local.year, 1 if local.month < 7 else 2)


def period_called(slug: str, now: datetime) -> Period | None:
    """The half-year of that name; None where there is no report of it."""
    found = _SLUG.fullmatch(slug)
    period = Period(int(found[1]), int(found[2])) if found else None
    return period if period in periods(now) else None


def periods(now: datetime) -> list[Period]:
    """Every half-year since the first statement or notice, this one included, the latest first."""
    firsts = [
        rows.order_by("created_at").values_list("created_at", flat=True).first()
        for rows in (Statement.objects.all(), Notice.objects.all())
    ]
    found = [period_of(min((moment for moment in firsts if moment), default=now))]
    while found[-1] < period_of(now):
        found.append(found[-1].next)
    return found[::-1]


def next_hour(now: datetime) -> datetime:
    """When the figures are counted anew."""
    return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
