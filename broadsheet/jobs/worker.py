"""The worker: runs what others leave in the queue, and the regular jobs.

It waits at the bell, which costs nothing, and looks at the database when it rings and every few seconds besides. A look
is a plain read; only what is there is taken, in a transaction of two statements, so that on SQLite readers' comments
wait for no idle worker. A task whose worker is killed runs again: write it so that this does no harm.
"""

from __future__ import annotations

import fcntl
import logging
import platform
import sys
import time
import zlib
from datetime import timedelta
from itertools import count
from types import FrameType
from typing import IO

from django.conf import settings
from django.db import DatabaseError, transaction
from django_tasks import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker as LibraryWorker
from django_tasks_db.models import DBTaskResult

from broadsheet.core import clock
from broadsheet.core.bell import bell
from broadsheet.core.connections import renew_connection
from broadsheet.jobs.backend import TAG
from broadsheet.jobs.schedule import run_due

log = logging.getLogger(__name__)

LISTEN = 0.2  # seconds between looks at the bell
LOOK = 5.0  # seconds between looks at the database: for other machines' tasks, and for the regular jobs
TRIES = 3  # a task whose worker died three times over it is what kills them
# After which a task is somebody else's, unless its worker is seen at its seat. No other machine's seats are seen from
# here: where there are several, what takes longer than this is begun again.
LOST = timedelta(hours=1)


class Worker(LibraryWorker):
    """One worker. Its name is that of its seat on this machine, so its successor knows what it left undone."""

    running: bool

    def __init__(self) -> None:
        name, self.seat = take_seat()
        super().__init__(
            queue_names=["*"],
            excluded_queue_names=[],
            interval=LOOK,
            batch=False,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=name,
        )

    def run(self) -> None:
        """Work until told to stop."""
        give_back(self.worker_id)
        while self.running:
            heard = bell().heard(TAG)
            try:
                renew_connection()
                self.work()
            except DatabaseError:
                log.exception("The database does not answer; the worker asks again.")
            self._wait(heard)

    def work(self) -> None:
        """Everything there is to do now."""
        run_due()
        while self.running and self.run_next():
            run_due()

    def run_next(self) -> bool:
        """Take the next task and run it; False when there is none."""
        ready = DBTaskResult.objects.ready().filter(backend_name=self.backend_name)
        if not ready.exists():
            return False
        with transaction.atomic():
            if task := ready.get_locked():
                task.claim(self.worker_id)
        if task:
            self.run_task(task)
        return task is not None

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        """Finish what is being done, then end; asked twice, end at once."""
        if not self.running:
            sys.exit(1)
        self.running = False

    def _wait(self, heard: int) -> None:
        until = time.monotonic() + LOOK
        while self.running and time.monotonic() < until and bell().heard(TAG) == heard:
            time.sleep(LISTEN)


def take_seat() -> tuple[str, IO[str]]:
    """The first free seat of this machine: its name, and the open file that holds it until this process ends."""
    for number in count(1):
        if file := _sit_down(number):
            return f"{_machine()}:{number}", file
    raise AssertionError("There is always another seat.")


def give_back(name: str | None = None) -> int:
    """Return to the queue what a worker of this name (or any that is lost) had begun when it died; says how many."""
    running = DBTaskResult.objects.running()
    if name is None:
        left = [task for task in running.filter(started_at__lt=clock.now() - LOST) if not _is_here(task.worker_ids[-1])]
    else:
        left = [task for task in running if task.worker_ids[-1:] == [name]]
    for task in left:
        if len(task.worker_ids) >= TRIES:
            task.set_failed(RuntimeError(f"It was begun {TRIES} times and never ended."))
        else:
            DBTaskResult.objects.running().filter(pk=task.pk).update(status=TaskResultStatus.READY)
    return len(left)


def _machine() -> str:
    """What the names of this machine's workers begin with."""
    return f"{platform.node()[:40]}:{zlib.crc32(str(settings.RUN_DIR).encode()):08x}"


def _sit_down(number: int) -> IO[str] | None:
    """The open file that holds a seat of this machine; None where somebody sits there."""
    file = (settings.RUN_DIR / f"worker-{number}").open("a")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file


def _is_here(name: str) -> bool:
    """Whether the worker of that name is one of this machine's, and alive."""
    machine, _, number = name.rpartition(":")
    if machine != _machine():
        return False
    if free := _sit_down(int(number)):
        free.close()
    return free is None
