"""The moments printed on a page, made exact: "Sat Feb 8, 2014 1:05pm EST" is one instant, whatever machine reads it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

# Hours from UTC of letters that mean one thing. Letters with several meanings (IST: India, Ireland, Israel) are not
# here: they are taken only when the newsroom's own zone uses them at that moment.
ZONE_HOURS = {
    "UTC": 0, "GMT": 0, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "MSK": 3,
    "SAST": 2, "PKT": 5, "HKT": 8, "SGT": 8, "JST": 9, "KST": 9, "AWST": 8, "ACST": 9.5, "ACDT": 10.5,
    "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
    "NST": -3.5, "NDT": -2.5, "AST": -4, "ADT": -3, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5,
    "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10,
}  # fmt: skip

MOMENT = re.compile(
    r"(?:(?P<day_name>Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*\.?,? )?"
    r"(?P<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? (?P<day>\d{1,2}), (?P<year>\d{4}),? "
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2}) ?(?P<half>am|pm) (?P<zone>[A-Z]{2,5}(?:[+-]\d{1,2}(?::\d{2})?)?)",
    re.IGNORECASE,
)


class UnknownMoment(ValueError):
    """The words look like a moment, but no instant can be made of them; the message says why."""


def exact_moment(words: re.Match[str], own_zone: tzinfo | None = None) -> datetime:
    """The instant, in UTC, of a match of MOMENT.

    `own_zone` is the newsroom's: it settles letters that are used in several countries. Raises UnknownMoment.
    """
    hour, minute = int(words["hour"]), int(words["minute"])
    if not 1 <= hour <= 12 or minute > 59:
        raise UnknownMoment(f"there is no time {words['hour']}:{words['minute']}{words['half']}")
    month = MONTHS.index(words["month"].casefold()) + 1
    hour = hour % 12 + (12 if words["half"].casefold() == "pm" else 0)
    try:
        wall = datetime(int(words["year"]), month, int(words["day"]), hour, minute, tzinfo=UTC)
        return (wall - _offset(words["zone"].upper(), wall, own_zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        if isinstance(error, UnknownMoment):
            raise
        raise UnknownMoment(f"there is no day {words['month']} {words['day']}, {words['year']}") from None


def names_another_day(words: re.Match[str]) -> bool:
    """True where the page's "Sat" is not the weekday of the page's own date."""
    if not words["day_name"]:
        return False
    date = datetime(int(words["year"]), MONTHS.index(words["month"].casefold()) + 1, int(words["day"]), tzinfo=UTC)
    return DAYS[date.weekday()] != words["day_name"].casefold()


def _offset(letters: str, wall: datetime, own_zone: tzinfo | None) -> timedelta:
    """How far the zone is from UTC. Never guessed: letters that are in no table are a fault."""
    if numbered := re.fullmatch(r"(?:UTC|GMT)([+-])(\d{1,2})(?::(\d{2}))?", letters):
        size = timedelta(hours=int(numbered[2]), minutes=int(numbered[3] or 0))
        timezone(size)  # a zone is less than a day from UTC; more is a ValueError
        return -size if numbered[1] == "-" else size
    for fold in (0, 1):  # the hour that happens twice in autumn has two names
        local = wall.replace(tzinfo=own_zone, fold=fold) if own_zone else None
        if local is not None and local.tzname() == letters and (offset := local.utcoffset()) is not None:
            return offset
    if letters not in ZONE_HOURS:
        raise UnknownMoment(f"the zone {letters} is not one whose difference from UTC is known")
    return timedelta(hours=ZONE_HOURS[letters])
