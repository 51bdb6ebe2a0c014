"""`broadsheet serve`: looks whether everything is there, then becomes the process that runs the paper."""

from __future__ import annotations

import os
import socket
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from broadsheet.config import recording
from broadsheet.config.health import missing_migrations
from broadsheet.delivery.storage import collect_if_changed


class Command(BaseCommand):
    """Runs the pages, the desk, the live stream and the background work until it is told to stop."""

    help = "Run the paper: pages, desk and live stream, until Ctrl+C or SIGTERM."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=settings.PORT, help="port of the pages (%(default)s)")
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s: this machine only)")
        parser.add_argument("--workers", type=int, default=1, help="processes for the pages (%(default)s)")
        parser.add_argument(
            "--live-port", type=int, default=settings.LIVE_PORT, help="port of the live stream (%(default)s)"
        )
        parser.add_argument("--no-live", action="store_true", help="run no live stream; open pages ask now and then")
        parser.add_argument(
            "--no-worker", action="store_true", help="leave mail and other background work to `broadsheet worker`"
        )

    def handle(self, *args: Any, **given: Any) -> None:
        host, port = given["host"], given["port"]
        live_port = 0 if given["no_live"] else given["live_port"]
        if missing := missing_migrations():
            raise CommandError(f"{missing} changes to the database are missing: run `broadsheet migrate` first.")
        if port == live_port:
            raise CommandError(f"The pages and the live stream cannot share port {port}: give --live-port another.")
        for wanted, option in ((port, "--port"), (live_port, "--live-port")):
            if wanted:
                refuse_if_taken(host, wanted, option)
        workers = self._workers(given["workers"])
        if not settings.DEBUG and collect_if_changed():
            self.stdout.write("The style sheets and scripts were made ready.")
        recording.record()
        self.stdout.flush()
        connection.close()
        serving = [sys.executable, "-m", "broadsheet.config.serving", "--host", host, "--port", str(port)]
        serving += ["--live-port", str(live_port), "--workers", str(workers), "--site-url", settings.SITE_URL]
        serving += [] if given["no_worker"] else ["--worker"]
        os.execv(sys.executable, serving)

    def _workers(self, asked: int) -> int:
        if asked < 1:
            raise CommandError("There must be at least one worker.")
        if asked > 1 and connection.vendor == "sqlite":
            self.stderr.write("SQLite takes one writer at a time, so one worker serves best: running one.")
            return 1
        return asked


def refuse_if_taken(host: str, port: int, option: str) -> None:
    """Raise CommandError, with what to do, when nobody may listen there."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        socket.create_server((host, port), family=family).close()
    except OSError as fault:
        # The reason by its number: Python adds the address to the sentence.
        reason = fault.strerror if isinstance(fault, socket.gaierror) else os.strerror(fault.errno or 0)
        raise CommandError(
            f"Port {port} on {host} cannot be used ({reason}): stop what uses it, or give {option} another."
        ) from fault
