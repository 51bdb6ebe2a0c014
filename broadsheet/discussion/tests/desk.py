"""Hours of the desk about the present moment, for tests."""

from __future__ import annotations

from datetime import timedelta

from broadsheet.core import clock
from broadsheet.discussion.desk_hours import set_hours


def week_of(*shifts):
    """A week with somebody at the desk from so many minutes before (or after) now until so many."""
    week = [[] for _ in range(7)]
    for begin, end in shifts:
        start = clock.in_newsroom(clock.now() + timedelta(minutes=begin))
        minute = start.hour * 60 + start.minute
        week[start.weekday()].append((minute, minute + end - begin))
    return week


def hours(*shifts, section=None, away="open", full_at=None, free_at=None, full="open", holidays=()):
    return set_hours(
        section=section,
        week=week_of(*shifts),
        holidays=list(holidays),
        away=away,
        full_at=full_at,
        free_at=free_at,
        full=full,
    )


HERE, GONE = (-120, 120), (120, 180)  # somebody is at the desk now; nobody is, for two hours yet
