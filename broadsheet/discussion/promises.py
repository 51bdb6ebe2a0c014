"""How long a waiting comment will usually wait, in words for whoever wrote it.

A number that moderation counts from what it has done of late (`moderation.promise`), in time at the desk, becomes a
moment here by the desk's hours. Where too little is known, or it is too old, nothing is promised.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from broadsheet.core import clock
from broadsheet.core.language import DAY, HOUR, MINUTE, glance
from broadsheet.discussion.hours import ALWAYS, Schedule, after_duty, duty_at, time_on_duty
from broadsheet.discussion.models import Comment, Promise, Thread

STALE = timedelta(hours=3)  # nobody has counted since: what was true then is nothing to promise now
# What one says aloud, in seconds; a wait is rounded up to the next of them, and beyond the last nothing is said.
_SAID = [
    *(minutes * MINUTE for minutes in (5, 10, 15, 30)), *(hours * HOUR for hours in (1, 2, 3, 4, 6, 8, 12)),
    *(days * DAY for days in (1, 2, 3, 5, 7, 10, 14)),
]  # fmt: skip


def words(thread: Thread, now: datetime) -> str:
    """How long a comment that comes in now will usually wait; empty where nothing can be said."""
    wait = _usual_wait(thread, now)
    if wait is None:
        return ""
    schedule = _schedule(thread)
    duty = duty_at(schedule, now)
    done = after_duty(schedule, now, wait)
    if duty.is_on and (duty.until is None or (done and done <= duty.until)):
        said = honest(wait)
        return _("Usual wait: up to %(time)s.") % {"time": said} if said else ""
    rest = wait - (duty.until - now) if duty.is_on and duty.until else wait
    back = duty_at(schedule, duty.until).until if duty.is_on and duty.until else duty.until
    if back is None or not (said := honest(rest)):
        return ""
    sentence = _("The desk is back on %(moment)s. Usual wait from then on: up to %(time)s.")
    return sentence % {"moment": clock.comment_moment(back), "time": said}


def words_for(comment: Comment, now: datetime) -> str:
    """The same for one that waits already; who has waited longer than usual is told so."""
    wait = _usual_wait(comment.thread, now)
    waited = time_on_duty(_schedule(comment.thread), max(comment.created_at, now - timedelta(days=60)), now)
    if wait is not None and waited > wait:
        return _("It has waited longer than usual: our editors have not forgotten it.")
    return words(comment.thread, now)


def honest(wait: timedelta) -> str:
    """A length of time as one says it aloud, never less than it is; empty for what nobody would call a promise."""
    seconds = next((said for said in _SAID if said >= wait.total_seconds()), 0)
    return glance(timedelta(seconds=seconds)) if seconds else ""


def honest_minutes(minutes: int) -> str:
    """The same of a number of minutes."""
    return honest(timedelta(minutes=minutes))


def _schedule(thread: Thread) -> Schedule:
    return thread.hours.schedule if thread.hours else ALWAYS


def give(threads: Iterable[Thread], now: datetime) -> None:
    """Give each of these discussions its usual wait, where there is one; one query for all."""
    fresh = Promise.objects.filter(counted_at__gte=now - STALE, minutes__isnull=False)
    usual = {row.section_id: timedelta(minutes=row.minutes or 0) for row in fresh}
    for thread in threads:
        thread.usual_wait = usual.get(thread.hours.section_id if thread.hours else None)  # None: the newsroom's


def _usual_wait(thread: Thread, now: datetime) -> timedelta | None:
    if "usual_wait" not in vars(thread):
        give([thread], now)
    return thread.usual_wait
