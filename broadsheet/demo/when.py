"""The demo's moments: told in its files as so long before the moment it is loaded, so that it never looks old."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from broadsheet.core import clock

_AGO = re.compile(r"-(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?")
_NAMED = re.compile(r"\{(weekday|date)(?::([+-]\d+))?\}")


def moment(words: str, now: datetime) -> datetime:
    """ "-2d4h10m" is so long before now; "tomorrow 06:30" is on the newsroom's clock. Raises ValueError for others."""
    if words.startswith("tomorrow "):
        hour, minute = map(int, words.removeprefix("tomorrow ").split(":"))
        tomorrow = clock.in_newsroom(now) + timedelta(days=1)
        return tomorrow.replace(hour=hour, minute=minute, second=0, microsecond=0)
    found = _AGO.fullmatch(words)
    if not found or not any(found.groups()):
        raise ValueError(f"{words!r} is no moment of the demo: write -2d4h10m or tomorrow 06:30.")
    days, hours, minutes = (int(part or 0) for part in found.groups())
    return (now - timedelta(days=days, hours=hours, minutes=minutes)).replace(second=0, microsecond=0)


def with_days(text: str, published: datetime) -> str:
    """The text with {weekday:-1} as Tuesday and {date:+14} as April 2, counted from the day of publication."""
    local = clock.in_newsroom(published)

    def named(found: re.Match[str]) -> str:
        day = local + timedelta(days=int(found[2] or 0))
        return f"{day:%A}" if found[1] == "weekday" else f"{day:%B} {day.day}"

    return _NAMED.sub(named, text)
