"""`broadsheet worker`: does the background work on a machine of its own, or beside `serve --no-worker`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from broadsheet.jobs.worker import Worker


class Command(BaseCommand):
    """Sends mail, makes exports and runs the daily jobs until it is told to stop."""

    help = "Do the background work (mail, exports, daily jobs) until Ctrl+C or SIGTERM. `serve` runs one by itself."

    def handle(self, *args: Any, **given: Any) -> None:
        worker = Worker()
        worker.configure_signals()
        self.stdout.write("The worker is ready (Ctrl+C ends it).")
        self.stdout.flush()
        worker.run()
