"""`python -m broadsheet.live`: the stream server, in a process of its own that `broadsheet serve` starts and minds."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import resource
import signal
import sys
from collections.abc import Callable, Coroutine
from importlib.util import find_spec
from typing import Any

import django
from django.conf import settings
from django.utils.module_loading import import_string

from broadsheet.core.parent import leave_with_parent


async def stream(host: str, port: int) -> None:
    """Serve until told to stop."""
    from broadsheet.core.bell import bell
    from broadsheet.live.sse import MOST_STREAMS, LiveServer

    files, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        files = most
    server = LiveServer(
        import_string(settings.LIVE_SOURCE),
        bell(),
        trusted_proxies=settings.TRUSTED_PROXIES,
        most_streams=min(MOST_STREAMS, max(100, files - 100)),
        most_per_address=settings.LIVE_PER_ADDRESS,
    )
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await server.start(host, port)
    await stop.wait()
    await server.stop()


def main() -> None:
    """Read the arguments and run; a port that is taken ends it with a sentence."""
    arguments = argparse.ArgumentParser(prog="python -m broadsheet.live")
    arguments.add_argument("--host", default="127.0.0.1")
    arguments.add_argument("--port", type=int, default=settings.LIVE_PORT)
    given = arguments.parse_args()
    leave_with_parent()
    django.setup()
    run: Callable[[Coroutine[Any, Any, None]], None] = asyncio.run
    if find_spec("uvloop"):
        import uvloop

        run = uvloop.run
    try:
        run(stream(given.host, given.port))
    except OSError as fault:
        sys.exit(f"broadsheet: the live stream cannot listen on {given.host}:{given.port} ({fault.strerror}).")


if __name__ == "__main__":
    main()
