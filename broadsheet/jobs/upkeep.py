"""What the queue's own upkeep is: old results go, lost tasks come back."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django_tasks_db.models import DBTaskResult

from broadsheet.core.tidying import delete_all
from broadsheet.jobs.worker import give_back

DONE_KEPT = timedelta(days=7)
FAILED_KEPT = timedelta(days=30)  # somebody may want to know why


def results(now: datetime) -> tuple[int, str]:
    """Forget what finished tasks have left."""
    done = delete_all(DBTaskResult.objects.successful().filter(finished_at__lt=now - DONE_KEPT))
    failed = delete_all(DBTaskResult.objects.failed().filter(finished_at__lt=now - FAILED_KEPT))
    return done + failed, _("results of finished tasks forgotten")


def give_back_lost() -> None:
    """Let another worker do what one began over an hour ago, unless that one is seen on this machine."""
    give_back()
