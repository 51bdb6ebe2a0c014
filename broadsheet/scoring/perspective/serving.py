"""Serves the scorer alone: Granian with one process, no database, no other part of the paper."""

from __future__ import annotations

import functools
import importlib
import logging
import multiprocessing
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from broadsheet.scoring.perspective.keys import Keys
from broadsheet.scoring.perspective.service import Service
from broadsheet.scoring.perspective.settings import Settings
from broadsheet.scoring.perspective.suggestions import Suggestions

SCORER = "broadsheet.scoring:load"
BACKLOG = 1024
LONGEST_HEAD = 64 * 1024  # bytes
HEAD_WITHIN = 10_000  # milliseconds for a client to say what it wants
LAST_WORDS = 10  # seconds for requests under way when we stop
START_WITHIN = 60.0  # seconds for the models to be read


def made(dotted: str) -> Callable[[], Any]:
    """The function that makes a scorer, by its dotted name with a colon: `package.module:function`."""
    module, _, name = dotted.partition(":")
    found = getattr(importlib.import_module(module), name)
    if not callable(found):
        raise TypeError(f"{dotted} is not a function")
    return found  # type: ignore[no-any-return]


def service(settings: Settings, file: Path, scorer: str = SCORER) -> Service:
    """The service that these settings ask for."""
    suggestions = Path(settings.suggestions) if settings.suggestions else None
    if suggestions is not None and not suggestions.is_absolute():
        suggestions = file.parent / suggestions
    return Service(made(scorer)(), Keys(file), Suggestions(suggestions, settings.suggestion_texts), settings.url)


def _loaded(settings: Settings, file: Path, scorer: str, *_: Any, **__: Any) -> Service:
    """What Granian calls in the process that answers."""
    logging.basicConfig(
        format="{asctime} {levelname} {name}: {message}",
        datefmt="%Y-%m-%dT%H:%M:%S%z",
        style="{",
        level=logging.WARNING,
    )
    return service(settings, file, scorer)


def serve(settings: Settings, file: Path, scorer: str = SCORER) -> None:
    """Serve until told to stop; requests under way are answered first."""
    multiprocessing.set_start_method("spawn", force=True)
    server = Server(
        "broadsheet.scoring.perspective",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=1,  # one copy of the models, one count of each quota; another core is another port
        backlog=BACKLOG,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEAD_WITHIN, max_buffer_size=LONGEST_HEAD),
        websockets=False,
        log_level=LogLevels.error,
        log_access=False,
        respawn_failed_workers=True,
        workers_kill_timeout=LAST_WORDS,
    )
    local = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)
    root = settings.url or f"http://{f'[{local}]' if ':' in local else local}:{settings.port}"
    sentence = f"The scorer is at {root}/v1alpha1 (Ctrl+C ends it)."
    threading.Thread(target=_announce, args=(local, settings.port, sentence), daemon=True).start()
    server.serve(target_loader=functools.partial(_loaded, settings, file, scorer), wrap_loader=False)


def _announce(host: str, port: int, sentence: str) -> None:
    """Print a sentence once the service answers."""
    until = time.monotonic() + START_WITHIN
    while time.monotonic() < until:
        try:
            with socket.create_connection((host, port), timeout=5) as asking:  # ourselves: no call leaves the machine
                asking.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                if asking.recv(64).startswith(b"HTTP/1.1 200"):
                    print(sentence, flush=True)
                    return
        except OSError:
            pass
        time.sleep(0.1)
