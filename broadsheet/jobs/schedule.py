"""The regular jobs: what is due, and who of several workers does it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils.module_loading import import_string

from broadsheet.core import clock
from broadsheet.jobs.models import LONG_AGO, Job

log = logging.getLogger(__name__)

LOST = timedelta(minutes=30)  # a job that has not ended by then failed, or its machine died: it is due again


def slot(when: Mapping[str, int], now: datetime) -> datetime:
    """The last moment at which a job was to run: `{"hour": 7}` of the newsroom's clock, or `{"every": 20}` seconds."""
    if every := when.get("every"):
        return datetime.fromtimestamp(now.timestamp() // every * every, UTC)
    zone = clock.newsroom_zone()
    today = now.astimezone(zone).date()
    moment = datetime.combine(today, time(when["hour"]), zone)
    if moment.astimezone(UTC) > now:
        moment = datetime.combine(today - timedelta(days=1), time(when["hour"]), zone)
    return moment.astimezone(UTC)


def next_at_hour(hour: int, now: datetime) -> datetime:
    """The next moment after this one at which the newsroom's clock shows that hour."""
    zone = clock.newsroom_zone()
    today = now.astimezone(zone).date()
    days = (datetime.combine(today + timedelta(days=ahead), time(hour), zone).astimezone(UTC) for ahead in (0, 1))
    return next(moment for moment in days if moment > now)


def run_due() -> list[str]:
    """Run every job that is due and that nobody else runs; returns their names. A job that fails stops no other."""
    now = clock.now()
    last = {job.name: job for job in Job.objects.filter(name__in=settings.JOBS)}
    ran = []
    for name, when in settings.JOBS.items():
        moment = slot(when, now)
        if _is_due(last.get(name), moment, now) and _take(name, moment, now):
            _run(name)
            ran.append(name)
    return ran


def _is_due(job: Job | None, moment: datetime, now: datetime) -> bool:
    """Asked of rows already read, so that a worker with nothing to do writes nothing."""
    if job is None or job.due < moment:
        return True
    return job.finished_at is None and (job.started_at or LONG_AGO) < now - LOST


def _take(name: str, moment: datetime, now: datetime) -> bool:
    """True for the one who may run it now: a single statement decides between machines."""
    Job.objects.get_or_create(name=name)
    lost = Q(due=moment, finished_at=None, started_at__lt=now - LOST)
    free = Job.objects.filter(Q(due__lt=moment) | lost, name=name)
    return bool(free.update(due=moment, started_at=now, finished_at=None, fault=""))


def _run(name: str) -> None:
    try:
        import_string(name)()
    except Exception as fault:
        log.exception("The job %s failed.", name)
        Job.objects.filter(name=name).update(fault=type(fault).__name__)
    else:
        Job.objects.filter(name=name).update(finished_at=clock.now())
