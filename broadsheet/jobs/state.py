"""How the background work is doing, for whoever watches the server."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Count, Max, Min
from django_tasks_db.models import DBTaskResult

from broadsheet.core import clock
from broadsheet.jobs.models import Job

SILENT = timedelta(minutes=5)  # some job runs every minute or so: a worker is there, or it is not


def state() -> dict[str, Any]:
    """Tasks waiting and since when, tasks that failed within a day, and when a worker last did something."""
    now = clock.now()
    waiting = DBTaskResult.objects.ready().order_by().aggregate(number=Count("pk"), oldest=Min("enqueued_at"))
    last = Job.objects.aggregate(last=Max("started_at"))["last"]
    return {
        "waiting": waiting["number"],
        "oldest_seconds": round((now - waiting["oldest"]).total_seconds()) if waiting["oldest"] else 0,
        "failed_today": DBTaskResult.objects.failed().filter(finished_at__gt=now - timedelta(days=1)).count(),
        "last_run": last.isoformat(timespec="seconds") if last else None,
        "worker": bool(last and last > now - SILENT),
    }
