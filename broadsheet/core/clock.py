"""Moments: the database's clock for rules that must be exact, the newsroom's zone for what is shown."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime

from django.conf import settings
from django.db import connection


def now() -> datetime:
    """This machine's clock, in UTC; for what is shown and for rules where a second does not matter."""
    return datetime.now(UTC)


def database_now() -> datetime:
    """The database's own clock, in UTC: one query. Workers' clocks may differ; this one decides (guarantee G3)."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT clock_timestamp()")
            moment: datetime = cursor.fetchone()[0]
            return moment.astimezone(UTC)
        cursor.execute("SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')")
        return datetime.fromisoformat(cursor.fetchone()[0]).replace(tzinfo=UTC)


def newsroom_zone() -> zoneinfo.ZoneInfo:
    """The zone in which the paper tells the time."""
    return zoneinfo.ZoneInfo(settings.TIME_ZONE)


def in_newsroom(moment: datetime) -> datetime:
    """The same instant on the newsroom's wall clock."""
    return moment.astimezone(newsroom_zone())


def zone_letters(moment: datetime) -> str:
    """EST or EDT as that instant has it; UTC-2 where the zone has no letters of its own (Sao Paulo)."""
    local = in_newsroom(moment)
    name = local.tzname() or ""
    if name[:1] not in "+-" and name:
        return name
    offset = local.utcoffset()
    minutes = int(offset.total_seconds() // 60) if offset else 0
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02d}" if rest else "")


def clock_time(moment: datetime) -> str:
    """1:05pm, as the seed page writes it."""
    local = in_newsroom(moment)
    return f"{local.hour % 12 or 12}:{local.minute:02d}{'am' if local.hour < 12 else 'pm'}"


def story_moment(moment: datetime) -> str:
    """Sat Feb 8, 2014 1:05pm EST: the dateline's moment in the newsroom's zone."""
    local = in_newsroom(moment)
    return f"{local:%a %b} {local.day}, {local.year} {clock_time(moment)} {zone_letters(moment)}"


def comment_moment(moment: datetime) -> str:
    """Feb 08, 2014 3:42pm EST: the moment under a comment."""
    local = in_newsroom(moment)
    return f"{local:%b %d, %Y} {clock_time(moment)} {zone_letters(moment)}"
