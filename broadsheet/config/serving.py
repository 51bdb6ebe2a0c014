"""Runs the paper's processes: granian with our WSGI callable, and beside it the live stream and a worker.

`broadsheet serve` makes its checks and then becomes this process. It loads no Django, so that minding the others costs
little memory. A child that dies is started again; when this process ends, however it ends, so do they.
"""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
import time

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from broadsheet.core.parent import SERVED_BY

log = logging.getLogger("broadsheet.serving")

THREADS = 8  # for Django: a mail server or a locked database may hold some, and ready pages still go out
BACKLOG = 1024
LONGEST_HEAD = 64 * 1024  # bytes
HEAD_WITHIN = 10_000  # milliseconds for a client to say what it wants
LAST_WORDS = 10  # seconds for requests under way when we stop
START_WITHIN = 60.0  # seconds, on a slow machine with much to import
CALM = 30.0  # seconds after which a child that dies is no longer one that cannot start


class Child:
    """A process of ours beside the pages, started again whenever it ends by itself."""

    def __init__(self, name: str, *command: str) -> None:
        self._name, self._command = name, [sys.executable, "-m", *command]
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._minder = threading.Thread(target=self._mind, name=name, daemon=True)

    def start(self) -> None:
        """Start it, and a thread that minds it."""
        self._minder.start()

    def ask_to_stop(self) -> None:
        """Tell it to end what it is doing; it is not started again."""
        with self._lock:
            self._stopping.set()
            process = self._process
        if process and process.poll() is None:
            process.terminate()

    def stop(self) -> None:
        """End it; returns when it is gone."""
        self.ask_to_stop()
        if self._process:
            try:
                self._process.wait(LAST_WORDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
        if self._minder.is_alive():
            self._minder.join(LAST_WORDS)

    def _mind(self) -> None:
        pause = 0.5
        while not self._stopping.wait(0):
            began = time.monotonic()
            with self._lock:
                if self._stopping.is_set():
                    return
                # A session of its own: Ctrl+C in a terminal reaches us alone, and we end it in order.
                self._process = subprocess.Popen(self._command, start_new_session=True)
            status = self._process.wait()
            if self._stopping.is_set():
                return
            pause = 0.5 if time.monotonic() - began > CALM else min(pause * 2, 10.0)
            log.error("The %s ended with status %d; it is started again in %.0f s.", self._name, status, pause)
            self._stopping.wait(pause)


def announce(host: str, port: int, sentence: str) -> None:
    """Print a sentence once the server answers."""
    until = time.monotonic() + START_WITHIN
    while time.monotonic() < until:
        try:
            with socket.create_connection((host, port), timeout=5) as asking:
                asking.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                if asking.recv(15).startswith(b"HTTP/1.1 200"):
                    print(sentence, flush=True)
                    return
        except OSError:
            pass
        time.sleep(0.1)


def main() -> None:
    """Serve until told to stop; the exit status says whether a worker could not be kept running."""
    arguments = argparse.ArgumentParser(prog="python -m broadsheet.config.serving")
    arguments.add_argument("--host", required=True)
    arguments.add_argument("--port", type=int, required=True)
    arguments.add_argument("--live-port", type=int, required=True, help="0 for none")
    arguments.add_argument("--workers", type=int, required=True)
    arguments.add_argument("--worker", action="store_true", help="do the background work too")
    arguments.add_argument("--site-url", required=True)
    given = arguments.parse_args()
    # Not fork: a copy of a process with threads may be born holding a lock that nobody will ever release.
    multiprocessing.set_start_method("spawn")
    logging.basicConfig(
        format="{asctime} {levelname} {name}: {message}",
        datefmt="%Y-%m-%dT%H:%M:%S%z",
        style="{",
        level=logging.WARNING,
    )
    os.environ[SERVED_BY] = str(os.getpid())  # our children leave when we do
    server = Server(
        "broadsheet.config.wsgi:application",
        address=given.host,
        port=given.port,
        interface=Interfaces.WSGI,
        workers=given.workers,
        blocking_threads=THREADS,
        backlog=BACKLOG,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEAD_WITHIN, max_buffer_size=LONGEST_HEAD),
        websockets=False,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        workers_kill_timeout=LAST_WORDS,
    )
    children = []
    if given.live_port:
        children.append(Child("live stream", "broadsheet.live", "--host", given.host, "--port", str(given.live_port)))
    if given.worker:
        children.append(Child("worker", "broadsheet.jobs"))
    for child in children:
        child.start()
    local = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(given.host, given.host)
    sentence = f"The paper is at {given.site_url}/ (Ctrl+C ends it)."
    threading.Thread(target=announce, args=(local, given.port, sentence), daemon=True).start()
    try:
        server.serve()
    finally:
        for child in children:
            child.ask_to_stop()
        for child in children:
            child.stop()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # until granian has its own handlers
    main()
