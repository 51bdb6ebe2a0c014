"""Setting the desk's hours at the desk: who may, what a form holds, and the record of what was changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from broadsheet.accounts.models import Reader
from broadsheet.core.numbers import whole
from broadsheet.core.refusals import Refused, Unacceptable
from broadsheet.discussion import desk_hours
from broadsheet.discussion.desk_hours import Holiday
from broadsheet.discussion.hours import DAY, Span, Way
from broadsheet.discussion.models import Hours
from broadsheet.moderation import changes, rules
from broadsheet.stories.models import Section

TIMES = 2  # in a day, on an empty form: before and after a break
SPARE = 4  # empty rows for further holidays
_TIME = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)", re.ASCII)

Row = tuple[str, str]


@dataclass
class HolidayRow:
    """One line of the form's holidays, as typed."""

    day: str = ""
    name: str = ""
    start: str = ""
    stop: str = ""


@dataclass
class Sheet:
    """A form of the desk's hours, as typed: what a page shows, and what a refused one shows again."""

    week: list[list[Row]] = field(default_factory=lambda: [[("", "")] * TIMES for _ in range(7)])
    holidays: list[HolidayRow] = field(default_factory=list)
    away: str = Way.OPEN
    full_at: str = ""
    free_at: str = ""
    full: str = Way.OPEN


def why_not_set_hours(person: Reader | None) -> str | None:
    """Why this person cannot change the desk's hours; None when they can."""
    return None if rules.may_supervise(person) else _("Only those who supervise the moderators change the hours.")


def change_hours(*, by: Reader, section: Section | None, sheet: Sheet) -> Hours:
    """Keep what stands on a form. Raises Refused, or Unacceptable with what is wrong on it."""
    if why := why_not_set_hours(by):
        raise Refused(why)
    facts = _read(sheet)
    with transaction.atomic():
        before = _facts(Hours.objects.select_for_update().filter(section=section).first())
        made = desk_hours.set_hours(section=section, **facts)
        changes.record(by=by, what="schedule", about=_name(section), before=before, after=_facts(made))
    return made


def drop_hours(*, by: Reader, section: Section | None) -> None:
    """Have none for a section (it goes by the newsroom's), or for the newsroom. Raises Refused."""
    if why := why_not_set_hours(by):
        raise Refused(why)
    with transaction.atomic():
        before = _facts(Hours.objects.select_for_update().filter(section=section).first())
        desk_hours.drop_hours(section=section)
        changes.record(by=by, what="schedule", about=_name(section), before=before, after=None)


def unsaved(sheet: Sheet, section: Section | None) -> Hours:
    """What a form would come to, kept nowhere: for its preview. Raises Unacceptable."""
    return desk_hours.made_of(section=section, **_read(sheet))


def sheet_of(hours: Hours | None) -> Sheet:
    """The form as it is to be filled in now."""
    if hours is None:
        return Sheet(holidays=[HolidayRow() for _ in range(SPARE)])
    week = [[typed(span) for span in spans] for spans in hours.week]
    rows = [HolidayRow(day, name, *(typed(spans[0]) if spans else ("", ""))) for day, name, spans in hours.holidays]
    return Sheet(
        [spans + [("", "")] * max(0, TIMES - len(spans)) for spans in week],
        rows + [HolidayRow() for _ in range(SPARE)],
        hours.away,
        str(hours.full_at or ""),
        str(hours.free_at or ""),
        hours.full,
    )


def sheet_in(sent: Mapping[str, str]) -> Sheet:
    """A form as it was sent."""
    week = [list(_rows(sent, f"from_{day}_", f"to_{day}_", desk_hours.MOST_SPANS)) for day in range(7)]
    numbers = range(desk_hours.MOST_HOLIDAYS + SPARE)
    names = ("day", "name", "from", "to")
    rows = [HolidayRow(*(sent.get(f"holiday_{name}_{number}", "").strip() for name in names)) for number in numbers]
    kept = [row for row in rows if any(vars(row).values())]
    return Sheet(
        [spans + [("", "")] * max(0, TIMES - len(spans)) for spans in week],
        kept + [HolidayRow() for _ in range(SPARE)],
        sent.get("away", ""),
        sent.get("full_at", "").strip(),
        sent.get("free_at", "").strip(),
        sent.get("full", ""),
    )


def _rows(sent: Mapping[str, str], begins: str, ends: str, most: int) -> Iterator[Row]:
    for number in range(most):
        row = sent.get(f"{begins}{number}", "").strip(), sent.get(f"{ends}{number}", "").strip()
        if any(row):
            yield row


def _read(sheet: Sheet) -> dict[str, Any]:
    """What a form says, for `desk_hours.set_hours`. Raises Unacceptable for what cannot be read."""
    return {
        "week": [[span for row in spans if (span := _span(*row))] for spans in sheet.week],
        "holidays": [_holiday(row) for row in sheet.holidays if any(vars(row).values())],
        "away": sheet.away,
        "full_at": _whole(sheet.full_at),
        "free_at": _whole(sheet.free_at),
        "full": sheet.full,
    }


def _span(start: str, stop: str) -> Span | None:
    """A time at the desk; one that ends at an earlier hour than it begins ends on the next day."""
    if not start and not stop:
        return None
    begin, end = _minutes(start) % DAY, _minutes(stop)
    return begin, end if end > begin else end + DAY


def _minutes(written: str) -> int:
    found = _TIME.fullmatch(written)
    minutes = int(found[1]) * 60 + int(found[2]) if found else DAY + 1
    if minutes > DAY:
        raise Unacceptable(_("A time at the desk has a beginning and an end, each as hours and minutes: 9:30, 17:00."))
    return minutes


def _holiday(row: HolidayRow) -> Holiday:
    try:
        day = date.fromisoformat(row.day)
    except ValueError:
        raise Unacceptable(_("A holiday has a date, as year, month and day: 2026-12-25.")) from None
    span = _span(row.start, row.stop)
    return day, row.name, (span,) if span else ()


def _whole(written: str) -> int | None:
    if not written:
        return None
    if (number := whole(written, 6)) is None:
        raise Unacceptable(_("How many comments are too many is a whole number."))
    return number


def typed(span: Any) -> Row:
    """A time at the desk as a form has it: 9:30 until 17:00."""
    start, stop = span
    return _clock(start), _clock(stop % DAY)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _facts(hours: Hours | None) -> dict[str, Any] | None:
    if hours is None:
        return None
    return {name: getattr(hours, name) for name in ("week", "holidays", "away", "full_at", "free_at", "full")}


def _name(section: Section | None) -> str:
    return section.name if section else "newsroom"
