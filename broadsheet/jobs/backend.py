"""Where tasks go: into the database, for a worker; a few run at once.

Ours are slow and talk to others (mail, exports). Wagtail's and the search index's are one short statement each, and the
desk's pages count on them having run; they would also fill the queue with two rows for every story that is imported.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django_tasks.backends.immediate import ImmediateBackend
from django_tasks_db.backend import DatabaseBackend

from broadsheet.core.bell import bell

TAG = "tasks"  # the bell's name for "there is something to do"


class Queue(DatabaseBackend):
    """Tasks in the database. Those whose path begins as TASKS_AT_ONCE says run in the process that asks."""

    def enqueue(self, task: Any, args: Any, kwargs: Any) -> Any:
        """Add a task, inside the caller's transaction if there is one; its commit wakes a worker of this machine."""
        if task.module_path.startswith(tuple(settings.TASKS_AT_ONCE)):
            at_once = ImmediateBackend(self.alias, {"QUEUES": list(self.queues)})
            return at_once.enqueue(replace(task, run_after=None), args, kwargs)
        result = super().enqueue(task, args, kwargs)
        transaction.on_commit(partial(bell().ring, TAG))
        return result
