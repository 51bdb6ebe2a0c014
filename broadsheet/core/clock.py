"""Moments: the database's clock for rules that must be exact, the newsroom's zone for what is shown."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime

from babel.dates import format_date, format_skeleton, format_time, get_datetime_format, get_timezone_name
from django.conf import settings
from django.db import connection

from broadsheet.core.language import is_english, locale


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
    """EST or EDT as that instant has it, MEZ in German; UTC-2 where the zone has no letters of its own (Sao Paulo)."""
    local = in_newsroom(moment)
    if not is_english() and (own := get_timezone_name(local, "short", locale=locale()))[:1].isalpha():
        return own
    name = local.tzname() or ""
    if name[:1] not in "+-" and name:
        return name
    offset = local.utcoffset()
    minutes = int(offset.total_seconds() // 60) if offset else 0
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02d}" if rest else "")


def clock_time(moment: datetime) -> str:
    """1:05pm, as the seed page writes it; 13:05 in languages that count to 24."""
    local = in_newsroom(moment)
    if not is_english():
        return format_time(local, "short", locale=locale())
    return f"{local.hour % 12 or 12}:{local.minute:02d}{'am' if local.hour < 12 else 'pm'}"


def story_moment(moment: datetime) -> str:
    """Sat Feb 8, 2014 1:05pm EST: the dateline's moment. German: Sa., 8. Feb. 2014, 13:05 MEZ."""
    local = in_newsroom(moment)
    if not is_english():
        return _as_written(moment, "yMMMEd")
    return f"{local:%a %b} {local.day}, {local.year} {clock_time(moment)} {zone_letters(moment)}"


def comment_moment(moment: datetime) -> str:
    """Feb 08, 2014 3:42pm EST: the moment under a comment. German: 8. Feb. 2014, 15:42 MEZ."""
    local = in_newsroom(moment)
    if not is_english():
        return _as_written(moment, "yMMMd")
    return f"{local:%b %d, %Y} {clock_time(moment)} {zone_letters(moment)}"


def edition_date(moment: datetime) -> str:
    """Saturday, February 8, 2014: the day in the newsroom's zone, for the folio line."""
    local = in_newsroom(moment)
    if not is_english():
        return format_date(local, "full", locale=locale())
    return f"{local:%A, %B} {local.day}, {local.year}"


def month(moment: datetime) -> str:
    """February 2014: since when somebody is here, no nearer than anybody needs to know."""
    return format_skeleton("yMMMM", in_newsroom(moment), locale=locale())


def _as_written(moment: datetime, skeleton: str) -> str:
    """Date, time and zone in the order the language writes them (Unicode CLDR)."""
    date = format_skeleton(skeleton, in_newsroom(moment), locale=locale())
    time = f"{clock_time(moment)} {zone_letters(moment)}"
    return str(get_datetime_format("medium", locale=locale())).replace("{1}", date).replace("{0}", time)
