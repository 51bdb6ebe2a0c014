"""A comment on its way to N readers who wait on open streams.

    python -m benchmarks.live [--readers 2000] [--messages 10]

Prints how long after the commit the middle and the slowest reader have it, and what the stream server's memory is.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import resource
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from benchmarks.measuring import machine, median, share
from benchmarks.newsroom import ROOT, Newsroom, temporary_newsroom, words


class Reader(asyncio.Protocol):
    """One EventSource that notes when a change has come."""

    def __init__(self, heard: list[float]) -> None:
        self._heard = heard

    def data_received(self, data: bytes) -> None:
        if b"event: change" in data:
            self._heard.append(time.perf_counter())


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.live", description=__doc__.split("\n")[0])
    arguments.add_argument("--readers", type=int, default=2000)
    arguments.add_argument("--messages", type=int, default=10)
    given = arguments.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    readers = min(given.readers, most - 200)
    with temporary_newsroom() as newsroom:
        story = newsroom.fill(2)
        with streaming(newsroom) as process:
            asyncio.run(until_it_listens(newsroom.live_port))
            empty = memory(process.pid)
            delays = asyncio.run(measure(newsroom, story, readers, given.messages))
            print(f"{machine()}; {readers:,} readers of one thread, {given.messages} comments, one a second.")
            print(
                f"From the commit until a reader has it: p50 {median(delays) * 1000:.0f} ms, "
                f"p99 {share(delays, 0.99) * 1000:.0f} ms, slowest {max(delays) * 1000:.0f} ms."
            )
            print(f"The stream server: {empty:.0f} MB before the first reader, {memory(process.pid):.0f} MB with all.")


@contextlib.contextmanager
def streaming(newsroom: Newsroom) -> Any:
    """The stream server by itself; all readers come from one address here, so that limit is lifted."""
    lifted = "import broadsheet.live.sse as sse; sse.LiveServer.__init__.__kwdefaults__['most_per_address'] = 10**6; "
    program = f"import django; django.setup(); {lifted}from broadsheet.live.__main__ import main; main()"
    process = subprocess.Popen([sys.executable, "-c", program, "--port", str(newsroom.live_port)], cwd=ROOT)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(15)


async def measure(newsroom: Newsroom, story: Any, readers: int, messages: int) -> list[float]:
    """Open the streams, post, and collect every reader's delay."""
    loop, heard = asyncio.get_running_loop(), []
    request = f"GET /live/threads/{story.pk}?since=2 HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    for _ in range(readers):
        transport, _ = await loop.create_connection(lambda: Reader(heard), "127.0.0.1", newsroom.live_port)
        transport.write(request)
    await asyncio.sleep(2)
    heard.clear()
    delays: list[float] = []
    for number in range(messages):
        committed: list[float] = []
        writing = threading.Thread(target=post, args=(story.pk, number, committed))
        writing.start()
        until = time.monotonic() + 20
        while len(heard) < readers and time.monotonic() < until:
            await asyncio.sleep(0.02)
        writing.join()
        if len(heard) < readers:
            sys.exit(f"benchmarks: only {len(heard)} of {readers} readers had the comment after 20 seconds.")
        delays += [moment - committed[0] for moment in heard]
        heard.clear()
        await asyncio.sleep(1)
    return delays


def post(story_pk: int, number: int, committed: list[float]) -> None:
    """One comment by the action everybody uses; notes when it was committed."""
    from django.db import connection

    from broadsheet.accounts.models import Reader as Account
    from broadsheet.discussion.actions import post_comment
    from broadsheet.discussion.models import Thread

    thread = Thread.objects.get(pk=story_pk)
    text = f"{words(random.Random(number), 40)} Number {number}."
    post_comment(author=Account.objects.order_by("pk")[number % 20], thread=thread, body=text)
    committed.append(time.perf_counter())
    connection.close()


async def until_it_listens(port: int) -> None:
    """Wait for the server's start."""
    for _ in range(300):
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        await asyncio.sleep(0.1)
    sys.exit("benchmarks: the stream server did not start.")


def memory(pid: int) -> float:
    """Megabytes of a process's own memory; nan where the system does not tell."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return float("nan")
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


if __name__ == "__main__":
    main()
