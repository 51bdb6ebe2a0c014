"""The hours in which somebody is at the desk: pure arithmetic of a week, its holidays and the newsroom's wall clock.

Hours are written as the wall clock shows them and become moments here, so that the two nights a year on which the clock
is changed need no care elsewhere: a time that comes twice counts when it first comes, and one that is left out counts
as the moment at which the clock jumps over it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _

DAY = 24 * 60  # minutes
LOOK = 10  # days ahead and back: a week of any kind repeats within them
MOST_DAYS = 800  # of holidays looked over: nobody enters more than two years of them
LONGEST_DUTY = 60  # days within which a length of time at the desk is looked for
MOST_KEPT = 500  # answers: a newsroom has one schedule, and perhaps one for a section

Span = tuple[int, int]  # minutes since midnight, [from, to); `to` may lie in the next day
Shift = tuple[datetime, datetime]


class Way(models.TextChoices):
    """What becomes of comments: as always, or what a newsroom chooses while nobody is there to read them."""

    OPEN = "open", _("As usual")
    HOLD = "hold", _("Every comment waits for an editor")
    CLOSE = "close", _("Closed until the desk is back")


STRICTNESS = [Way.OPEN, Way.HOLD, Way.CLOSE]


@dataclass(frozen=True)
class Schedule:
    """When somebody is at the desk, by a wall clock."""

    week: tuple[tuple[Span, ...], ...]  # Monday first
    holidays: tuple[tuple[date, tuple[Span, ...]], ...] = ()  # instead of the weekday's: none, or shorter ones
    zone: str = "UTC"

    def spans(self, day: date) -> tuple[Span, ...]:
        """The hours that begin on that day."""
        return dict(self.holidays).get(day, self.week[day.weekday()])

    @property
    def is_empty(self) -> bool:
        """Whether nobody is ever there."""
        return not any(self.week) and not any(spans for _, spans in self.holidays)


ALWAYS = Schedule((((0, DAY),),) * 7)  # a newsroom that has set no hours


@dataclass(frozen=True)
class Duty:
    """Whether somebody is at the desk, since when, and until when; None: longer than anybody has written down."""

    is_on: bool
    since: datetime | None
    until: datetime | None


def duty_at(schedule: Schedule, now: datetime) -> Duty:
    """Whether somebody is at the desk at that moment. `until` is after `now`, and the answer the same until then."""
    known = _found.get(schedule)
    if known and known.since and known.until and known.since <= now < known.until:
        return known
    found = _look(schedule, now)
    if len(_found) >= MOST_KEPT:
        _found.clear()
    _found[schedule] = found
    return found


_found: dict[Schedule, Duty] = {}  # a page asks several times, and the answer stays the same for hours


def _look(schedule: Schedule, now: datetime) -> Duty:
    if schedule.is_empty:
        return Duty(False, None, None)
    today = now.astimezone(ZoneInfo(schedule.zone)).date()
    first = today - timedelta(days=LOOK)
    for last in _horizons(schedule, today):
        begin, end = _instant(first, DAY, schedule.zone), _instant(last, DAY, schedule.zone)
        found = _merged(schedule, first, last)
        here = next((shift for shift in found if shift[0] <= now < shift[1]), None)
        if here and here[1] < end:
            return Duty(True, here[0] if here[0] > begin else None, here[1])
        if not here and (coming := next((shift for shift in found if shift[0] > now), None)):
            return Duty(False, max((shift[1] for shift in found if shift[1] <= now), default=None), coming[0])
    if here:
        return Duty(True, here[0] if here[0] > begin else None, None)
    return Duty(False, max((shift[1] for shift in found if shift[1] <= now), default=None), None)


def _horizons(schedule: Schedule, today: date) -> Iterator[date]:
    """How far to look: over the coming days; and only if they hold no change, past every holiday."""
    near = today + timedelta(days=LOOK)
    yield near
    last = max((day for day, _ in schedule.holidays), default=today) + timedelta(days=LOOK)
    if last > near:
        yield min(last, today + timedelta(days=MOST_DAYS))


def shifts(schedule: Schedule, begin: datetime, end: datetime) -> list[Shift]:
    """The times at the desk between two moments, in order, those that touch made one."""
    zone = ZoneInfo(schedule.zone)
    first = begin.astimezone(zone).date() - timedelta(days=2)
    found = _merged(schedule, first, end.astimezone(zone).date())
    return [(max(start, begin), min(stop, end)) for start, stop in found if start < end and stop > begin]


def time_on_duty(schedule: Schedule, begin: datetime, end: datetime) -> timedelta:
    """How much of the time between two moments somebody was at the desk."""
    return sum((stop - start for start, stop in shifts(schedule, begin, end)), timedelta())


def after_duty(schedule: Schedule, begin: datetime, length: timedelta) -> datetime | None:
    """The moment at which so much time at the desk has passed; None where it never does within two months."""
    for start, stop in shifts(schedule, begin, begin + timedelta(days=LONGEST_DUTY)):
        if stop - start >= length:
            return start + length
        length -= stop - start
    return None


def _merged(schedule: Schedule, first: date, last: date) -> list[Shift]:
    """The shifts that begin on these days, in order; those that touch or overlap are one."""
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    rows = sorted(
        (_instant(day, start, schedule.zone), _instant(day, stop, schedule.zone))
        for day in days
        for start, stop in schedule.spans(day)
    )
    found: list[Shift] = []
    for start, stop in rows:
        if start >= stop:
            continue  # the clock has jumped over all of it
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(stop, found[-1][1]))
        else:
            found.append((start, stop))
    return found


@lru_cache(maxsize=4096)
def _instant(day: date, minute: int, name: str) -> datetime:
    """The moment at which the wall clock first shows that many minutes after the day's midnight."""
    zone = ZoneInfo(name)
    days, rest = divmod(minute, DAY)
    wall = datetime.combine(day + timedelta(days=days), time(rest // 60, rest % 60), zone)
    late = wall.astimezone(UTC)
    if late.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return late
    early = wall.replace(fold=1).astimezone(UTC)
    after = late.astimezone(zone).utcoffset()
    while late - early > timedelta(seconds=1):  # the jump lies between them: where the offset becomes the later one
        middle = (early + (late - early) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == after:
            late = middle
        else:
            early = middle
    return late
