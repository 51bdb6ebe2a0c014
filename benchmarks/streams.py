"""Thousands of readers in a process of their own, and the barest server that could tell them the same bytes."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import resource
import time
from array import array
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any, cast

AT_ONCE = 100  # connections made side by side, well under a server's backlog


@dataclass
class Heard:
    """What all readers together heard: which frame, by whom, when (seconds of the system's steady clock)."""

    frames: list[bytes] = field(default_factory=list)
    numbers: dict[tuple[int, bytes], int] = field(default_factory=dict)
    frame: array[int] = field(default_factory=lambda: array("L"))
    reader: array[int] = field(default_factory=lambda: array("L"))
    at: array[float] = field(default_factory=lambda: array("d"))
    cut_off: int = 0

    def note(self, reader: int, frame: bytes, at: float) -> None:
        """One frame has come in whole. Its beginning names the revisions between which it leads."""
        key = (len(frame), frame[:96])
        if (number := self.numbers.get(key)) is None:
            number = self.numbers[key] = len(self.frames)
            self.frames.append(frame)
        self.frame.append(number)
        self.reader.append(reader)
        self.at.append(at)


class Reader(asyncio.Protocol):
    """One EventSource."""

    def __init__(self, number: int, heard: Heard, opened: Callable[[], None], request: bytes) -> None:
        self._number, self._heard, self._opened, self._request = number, heard, opened, request
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        cast(asyncio.Transport, transport).write(self._request)

    def data_received(self, data: bytes) -> None:
        now = time.perf_counter()
        *frames, self._rest = (self._rest + data).split(b"\n\n")
        for frame in frames:
            if frame.startswith(b"id: "):
                self._heard.note(self._number, frame, now)
            elif frame.startswith(b"HTTP/1.1 200"):
                self._opened()

    def connection_lost(self, exc: Exception | None) -> None:
        self._heard.cut_off += 1


async def _read(port: int, path: str, readers: int, parent: Connection) -> None:
    loop, heard, waiting = asyncio.get_running_loop(), Heard(), readers
    all_open = asyncio.Event()

    def opened() -> None:
        nonlocal waiting
        waiting -= 1
        if not waiting:
            all_open.set()

    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n".encode()
    for first in range(0, readers, AT_ONCE):
        numbers = range(first, min(readers, first + AT_ONCE))
        await asyncio.gather(
            *(
                loop.create_connection(lambda n=number: Reader(n, heard, opened, request), "127.0.0.1", port)  # type: ignore[misc]
                for number in numbers
            )
        )
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(all_open.wait(), 30)
    parent.send(readers - waiting)
    await _told(parent)
    heard.numbers.clear()
    parent.send(heard)


async def _told(parent: Connection) -> None:
    """Wait for the parent's next word."""
    loop, told = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(parent.fileno(), told.set)
    await told.wait()
    loop.remove_reader(parent.fileno())
    os.set_blocking(parent.fileno(), True)  # watching made it another


class _Connection(asyncio.Protocol):
    def __init__(self, everybody: list[asyncio.Transport]) -> None:
        self._everybody = everybody

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        one = cast(asyncio.Transport, transport)
        self._everybody.append(one)
        one.write(b"HTTP/1.1 200 OK\n\n")


async def _broadcast(frames: list[bytes], pause: float, parent: Connection) -> None:
    """Tell each frame to everybody; the parent hears the port, then says when, then hears when each began."""
    loop, everybody = asyncio.get_running_loop(), list[asyncio.Transport]()
    server = await loop.create_server(lambda: _Connection(everybody), "127.0.0.1", 0, backlog=1024)
    parent.send(server.sockets[0].getsockname()[1])
    await _told(parent)
    before, began = time.process_time(), []
    for number, frame in enumerate(frames):
        began.append(time.perf_counter())
        numbered = b"id: %d\n%b\n\n" % (number, frame)
        for transport in everybody:
            transport.write(numbered)
        await asyncio.sleep(pause)
    parent.send((began, time.process_time() - before))


def _run(work: Callable[..., Coroutine[Any, Any, None]], *given: Any) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    try:
        import uvloop
    except ImportError:
        asyncio.run(work(*given))
    else:
        uvloop.run(work(*given))


@contextlib.contextmanager
def _process(work: Callable[..., Coroutine[Any, Any, None]], *given: Any) -> Iterator[Connection]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_run, args=(work, *given, theirs), daemon=True)
    process.start()
    theirs.close()  # so that we hear of its end
    try:
        yield ours
    finally:
        process.terminate()
        process.join(10)


@contextlib.contextmanager
def audience(port: int, path: str, readers: int) -> Iterator[Callable[[], Heard]]:
    """So many open streams, until the block ends; the call it gives returns everything heard so far, once."""
    with _process(_read, port, path, readers) as child:
        opened = child.recv()
        if opened != readers:
            raise SystemExit(f"benchmarks: only {opened} of {readers} streams were opened.")

        def collected() -> Heard:
            child.send(None)
            heard: Heard = child.recv()
            return heard

        yield collected


def bare_broadcast(frames: list[bytes], readers: int, pause: float) -> tuple[list[float], Heard, float]:
    """The same bytes to as many readers from the barest server: when each frame began, what was heard, CPU seconds."""
    with _process(_broadcast, frames, pause) as server, audience(server.recv(), "/", readers) as collected:
        server.send(None)
        began, cpu = server.recv()
        time.sleep(0.5)
        return began, collected(), cpu
