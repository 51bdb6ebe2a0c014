"""A stream server on a port of its own, and readers with real sockets."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from dataclasses import dataclass

import pytest

from broadsheet.core.bell import Bell
from broadsheet.live.sse import LiveServer
from broadsheet.live.tests.notebook import Notebook

PATIENCE = 10.0  # seconds before a test gives up on something that should take a tenth of one


@dataclass
class Event:
    name: str
    id: str
    data: dict


class Follower:
    """A browser's EventSource, as far as a test needs one."""

    def __init__(self, port, path="/live/threads/1?since=0", method="GET", head="Host: x\r\n", raw=None, buffer=None):
        self.socket = socket.socket()
        if buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self.socket.settimeout(PATIENCE)
        self.socket.connect(("127.0.0.1", port))
        self.socket.sendall(raw if raw is not None else f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode())
        self.stream = self.socket.makefile("rb")

    def head(self):
        """The status and the headers."""
        status = int(self.stream.readline().split()[1])
        headers = {}
        while (line := self.stream.readline()) not in {b"\r\n", b""}:
            name, _, value = line.decode().partition(":")
            headers[name.lower()] = value.strip()
        return status, headers

    def event(self):
        """The next event, or None at the end of the stream."""
        fields = {}
        while line := self.stream.readline():
            if line == b"\n":
                if "data" in fields:
                    return Event(fields.get("event", ""), fields.get("id", ""), json.loads(fields["data"]))
                fields = {}
                continue
            name, _, value = line.decode().rstrip("\n").partition(": ")
            fields[name] = value
        return None

    def close(self):
        self.stream.close()
        self.socket.close()


class Serving:
    """A LiveServer in a thread with an event loop of its own."""

    def __init__(self, source, bell, **facts):
        self._ready = threading.Event()
        self._source, self._bell, self._facts = source, bell, facts
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self._thread.start()
        assert self._ready.wait(PATIENCE)

    async def _run(self):
        self.server = LiveServer(self._source, self._bell, **self._facts)
        self.port = await self.server.start("127.0.0.1", 0)
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        self._ready.set()
        await self._stop.wait()
        await self.server.stop()

    def stop(self):
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(PATIENCE)
        assert not self._thread.is_alive()


@pytest.fixture
def bell(tmp_path):
    return Bell(tmp_path / "bell")


@pytest.fixture
def notebook(bell):
    notebook = Notebook(bell)
    notebook.open(1)
    return notebook


@pytest.fixture
def serve(notebook, bell):
    """Starts a server for `notebook`; stops it after the test."""
    started = []

    def start(**facts):
        started.append(Serving(notebook.since, bell, **facts))
        return started[-1]

    yield start
    for serving in started:
        serving.stop()


@pytest.fixture
def follow(serve):
    """Makes a follower of a server started on first use."""
    serving, followers = [], []

    def start(path="/live/threads/1?since=0", **facts):
        if not serving:
            serving.append(serve())
        followers.append(Follower(serving[0].port, path, **facts))
        return followers[-1]

    yield start
    for follower in followers:
        follower.close()
