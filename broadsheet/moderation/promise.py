"""How long comments have waited of late, counted by a regular job for `discussion.promises` to tell whoever waits.

What is counted is time at the desk, by its hours: a night is nobody's slowness. Eight of ten comments waited no longer
than what is promised; and where what waits now would take longer at the pace of late, that is promised instead.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil
from typing import NamedTuple

from broadsheet.core import clock
from broadsheet.discussion.hours import ALWAYS, Schedule, time_on_duty
from broadsheet.discussion.models import Comment, Hours, Promise, Status, hours_for
from broadsheet.moderation.models import AUTOMATIC, Decision

LOOKED_BACK = timedelta(days=28)  # four of each weekday
OF_LATE = timedelta(days=7)  # for the desk's pace
MOST = 3000  # decisions read, the latest
ENOUGH = 8  # of fewer nothing can be said
SHARE = 0.8
AROUND = 2  # hours of the clock: "at this time of the day"
MOST_WAITING = 5000


class Wait(NamedTuple):
    """One comment that waited for somebody to decide, and how much of that was time at the desk."""

    came: datetime
    decided: datetime
    at_desk: timedelta


def compute() -> None:
    """A regular job (setting JOBS): count anew, for the newsroom and each section with hours of its own."""
    now = clock.database_now()
    rows = list(Hours.objects.all())
    sections = {None, *(row.section_id for row in rows)}
    for section in sections:
        hours = hours_for(section, rows)
        minutes, evidence = usual(section, hours.schedule if hours else ALWAYS, now)
        facts = {"minutes": minutes, "evidence": evidence, "counted_at": now}
        Promise.objects.update_or_create(section_id=section, defaults=facts)
    Promise.objects.exclude(section=None).exclude(section__in=[pk for pk in sections if pk]).delete()


def usual(section: int | None, schedule: Schedule, now: datetime) -> tuple[int | None, int]:
    """The minutes at the desk within which eight of ten were decided about, and on how many that rests."""
    waits = waits_of(section, schedule, now)
    near = [wait for wait in waits if _is_like(wait.came, now)]
    chosen = near if len(near) >= ENOUGH else waits
    if len(chosen) < ENOUGH:
        return None, len(chosen)
    lasted = sorted(wait.at_desk for wait in chosen)
    long = lasted[ceil(SHARE * len(lasted)) - 1]
    return max(1, ceil(max(long, _of_queue(section, schedule, waits, now)).total_seconds() / 60)), len(chosen)


def waits_of(section: int | None, schedule: Schedule, now: datetime) -> list[Wait]:
    """The latest waits that a person ended; what a rule decided has waited for nobody."""
    made = Decision.objects.filter(created_at__gt=now - LOOKED_BACK, seen=Status.PENDING, waited__isnull=False)
    if section:
        made = made.filter(comment__thread__story__section=section)
    rows = made.exclude(source__in=AUTOMATIC).order_by("-created_at").values_list("created_at", "waited")[:MOST]
    spans = ((at - waited, at) for at, waited in rows if waited is not None)
    return [Wait(came, decided, time_on_duty(schedule, came, decided)) for came, decided in spans]


def _is_like(moment: datetime, now: datetime) -> bool:
    """Whether it is about this time of the day, and a weekend if this is one."""
    then, today = clock.in_newsroom(moment), clock.in_newsroom(now)
    apart = abs(then.hour - today.hour)
    return min(apart, 24 - apart) <= AROUND and (then.weekday() >= 5) == (today.weekday() >= 5)


def _of_queue(section: int | None, schedule: Schedule, waits: list[Wait], now: datetime) -> timedelta:
    """How long what waits now will take at the pace of the last week."""
    done = sum(wait.decided > now - OF_LATE for wait in waits)
    waiting = Comment.objects.filter(status=Status.PENDING)
    if section:
        waiting = waiting.filter(thread__story__section=section)
    if not done or not (count := waiting.order_by()[:MOST_WAITING].count()):
        return timedelta()
    return time_on_duty(schedule, now - OF_LATE, now) / done * count
