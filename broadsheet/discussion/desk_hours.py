"""The desk's hours as discussions meet them: what holds where, in which words, and whether too much waits.

What the hour means is asked in the moment it matters (docs/decisions/0011). Only the length of the queue is measured
by a job, as it depends on what was so before: too many wait from N on, and no longer below M.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from broadsheet.core import clock
from broadsheet.core.refusals import Unacceptable
from broadsheet.core.text import is_blank, readable
from broadsheet.delivery.freshness import Freshness
from broadsheet.delivery.memory import remembered
from broadsheet.delivery.tags import HOURS
from broadsheet.discussion.hours import DAY, Span, Way, shifts
from broadsheet.discussion.models import Comment, Hours, Status, Thread, hours_for
from broadsheet.stories.models import Section

MOST_SPANS = 4  # in a day: nobody is relieved more often
MOST_HOLIDAYS = 200
LONGEST_NAME = 80
MOST_WAITING = 100_000

Holiday = tuple[date, str, tuple[Span, ...]]


def known(freshness: Freshness, thread: Thread, now: datetime) -> Hours | None:
    """The hours that hold for a discussion, for a page of it; read again only when somebody has changed any.

    `freshness` has looked at the tag HOURS, so a change makes the page stale.
    """
    if not freshness.seen[HOURS]:
        return None  # nobody has ever set any
    rows: list[Hours] = remembered("hours", freshness, (HOURS,), now, lambda: (list(Hours.objects.all()), None))
    return hours_for(thread.story.section_id, rows)


def give(threads: Iterable[Thread]) -> None:
    """Give each of these discussions its hours; one query for all."""
    rows = list(Hours.objects.all())
    for thread in threads:
        thread.hours = hours_for(thread.story.section_id, rows)


def sentence(thread: Thread, now: datetime) -> str:
    """What readers are told of the desk's hours; empty where a discussion is open as usual, or not at all."""
    if not thread.is_running(now):
        return ""
    desk = thread.desk(now)
    moment = {"moment": clock.comment_moment(desk.until)} if desk.until else {}
    match desk.way:
        case Way.CLOSE if desk.is_full:
            return _("So many comments wait for our editors that we take no more until they have caught up.")
        case Way.CLOSE if moment:
            return _("Comments are closed while our desk is away, until %(moment)s.") % moment
        case Way.CLOSE:
            return _("Comments are closed while our desk is away.")
        case Way.HOLD if desk.is_full:
            return _("Many comments wait for our editors, so every new one waits until they have read it.")
        case Way.HOLD if moment:
            return _("Our desk is away until %(moment)s: every comment waits until an editor has read it.") % moment
        case Way.HOLD:
            return _("Our desk is away: every comment waits until an editor has read it.")
    if desk.is_by_hand:
        return _("An editor has opened this discussion outside the desk's hours.")
    return ""


def closing(thread: Thread, now: datetime) -> datetime | None:
    """When an open discussion next closes: for good, or with the desk's hours."""
    desk = thread.desk(now)
    moments = [thread.closing, desk.until if desk.then == Way.CLOSE and desk.way != Way.CLOSE else None]
    return min((moment for moment in moments if moment), default=None)


# --- Setting them -----------------------------------------------------------------------------------------------------


def set_hours(
    *,
    section: Section | None,
    week: list[list[Span]],
    holidays: list[Holiday],
    away: str,
    full_at: int | None,
    free_at: int | None,
    full: str,
) -> Hours:
    """Say when somebody is at the desk, and what becomes of comments while nobody is; for a section or the newsroom.

    Raises Unacceptable with what is wrong.
    """
    facts = _checked(week, holidays, away, full_at, free_at, full)
    with transaction.atomic():
        made, is_new = Hours.objects.select_for_update().get_or_create(section=section, defaults=facts)
        if not is_new:
            for name, value in facts.items():
                setattr(made, name, value)
        made.full_since = made.full_since if made.full_at else None
        made.save()
    return made


def made_of(*, section: Section | None, **facts: Any) -> Hours:
    """The same hours, kept nowhere, with the newsroom's holidays: for a preview. Raises Unacceptable."""
    made = Hours(section=section, **_checked(**facts))
    rows = [made, *Hours.objects.filter(section=None)] if section else [made]
    return hours_for(section.pk if section else None, rows) or made


def _checked(
    week: list[list[Span]],
    holidays: list[Holiday],
    away: str,
    full_at: int | None,
    free_at: int | None,
    full: str,
) -> dict[str, Any]:
    if away not in Way.values or full not in Way.values:
        raise Unacceptable(_("Please choose what becomes of comments."))
    if away != Way.OPEN and not any(week):
        raise Unacceptable(_("With no hours at all the desk would never be back: write at least one."))
    return {
        "week": [_day(spans) for spans in week],
        "holidays": _days(holidays),
        "away": away,
        "full": full,
        **_limits(full_at, free_at, full),
    }


def drop_hours(*, section: Section | None) -> None:
    """Have none: a section goes by the newsroom's again, the newsroom is always there."""
    for hours in Hours.objects.filter(section=section):
        hours.delete()


def _day(spans: list[Span]) -> list[list[int]]:
    """One day's hours in order. Raises Unacceptable where two of them overlap."""
    found = sorted(spans)
    if len(found) > MOST_SPANS:
        raise Unacceptable(_("A day has at most %(most)s times at the desk.") % {"most": MOST_SPANS})
    for start, stop in found:
        if not (0 <= start < DAY and start < stop <= start + DAY):
            raise Unacceptable(_("A time at the desk ends after it begins, and within a day."))
    if any(later[0] < earlier[1] for earlier, later in pairwise(found)):
        raise Unacceptable(_("Two times at the desk of one day overlap."))
    return [[start, stop] for start, stop in found]


def _days(holidays: list[Holiday]) -> list[list[object]]:
    if len(holidays) > MOST_HOLIDAYS:
        raise Unacceptable(_("Please keep at most %(most)s holidays.") % {"most": MOST_HOLIDAYS})
    if len({day for day, *_ in holidays}) < len(holidays):
        raise Unacceptable(_("One date has two holidays."))
    found: list[list[object]] = []
    for day, name, spans in sorted(holidays):
        name = readable(name, most=LONGEST_NAME, what=_("Name"), lines=False)
        if is_blank(name):
            raise Unacceptable(_("Please give each holiday a name."))
        found.append([day.isoformat(), name, _day(list(spans))])
    return found


def _limits(full_at: int | None, free_at: int | None, full: str) -> dict[str, int | None]:
    if full_at is None:
        if full != Way.OPEN:
            raise Unacceptable(_("Please say how many waiting comments are too many."))
        return {"full_at": None, "free_at": None}
    free = full_at if free_at is None else free_at
    if not 0 < free <= full_at <= MOST_WAITING:
        raise Unacceptable(_("The lower number must be at least 1 and at most the higher one."))
    return {"full_at": full_at, "free_at": free}


# --- What it comes to -------------------------------------------------------------------------------------------------


def coming_days(hours: Hours, now: datetime) -> list[tuple[datetime, str, list[tuple[datetime, datetime]]]]:
    """The next seven days as the newsroom's clock has them: (day, holiday's name, the times at the desk)."""
    names = {day: name for day, name, _ in [*hours.everybodys, *hours.holidays]}
    today = clock.in_newsroom(now).date()
    found = []
    for number in range(7):
        day = today + timedelta(days=number)
        begin = datetime(day.year, day.month, day.day, tzinfo=clock.newsroom_zone())
        after = day + timedelta(days=1)
        end = datetime(after.year, after.month, after.day, tzinfo=clock.newsroom_zone())
        found.append((begin, names.get(day.isoformat(), ""), shifts(hours.schedule, begin, end)))
    return found


def measure() -> list[Hours]:
    """A regular job (setting JOBS): see where too many comments wait, or no longer; what has changed."""
    changed = []
    for hours in Hours.objects.filter(full_at__isnull=False):
        with transaction.atomic():
            held = Hours.objects.select_for_update().get(pk=hours.pk)
            if held.full_at and is_full(held) != bool(held.full_since):
                held.full_since = None if held.full_since else clock.database_now()
                held.save(update_fields=["full_since"])
                changed.append(held)
    return changed


def is_full(hours: Hours) -> bool:
    """Whether too many comments wait; once they do, until fewer than the lower number wait."""
    limit = (hours.free_at if hours.full_since else hours.full_at) or 1
    waiting = Comment.objects.filter(status=Status.PENDING)
    if hours.section_id:
        waiting = waiting.filter(thread__story__section=hours.section_id)
    return waiting.order_by()[:limit].count() >= limit
