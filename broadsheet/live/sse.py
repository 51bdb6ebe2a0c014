"""The stream server: bare asyncio, no task and about a kilobyte for a reader who waits.

GET /live/threads/NUMBER?since=REVISION answers with what changed since, then with each change. No cookie is read or
set: a stream carries what anybody may read (docs/decisions/0006 says why this is no ASGI application).
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import cast

from broadsheet.core.bell import Bell
from broadsheet.live import frames
from broadsheet.live.follow import Source, Watcher
from broadsheet.live.request import LONGEST_HEAD, BadRequest, StreamRequest, read_request

log = logging.getLogger("broadsheet.live")

MOST_STREAMS = 20_000  # about 26 MB; the limit on open files may lower it
MOST_PER_ADDRESS = 100  # a school or an office behind one address; the setting live_per_address
HEAD_WITHIN = 10.0  # seconds for a client to say what it wants
BEAT = 15.0  # seconds between heartbeats: under the 30 after which common proxies cut a silent connection
SLOWEST = 256 * 1024  # bytes waiting for one reader when more comes; who is so far behind is dropped, and catches up
PATIENCE = 30.0  # seconds for a reader to take one portion of what they missed
WORKERS = 4  # threads that look, each with a database connection


class Stream(asyncio.Protocol):
    """One reader's connection."""

    __slots__ = ("_head", "_server", "_transport", "address", "arrived_at", "is_open", "revision", "thread", "turn")

    def __init__(self, server: LiveServer) -> None:
        self._server = server
        self._head: bytes | None = b""
        self._transport: asyncio.Transport | None = None
        self.thread: int | None = None
        self.revision = -1
        self.address = ""
        self.arrived_at = 0.0
        self.turn = 0  # in which second of a beat it gets its heartbeat
        self.is_open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._server.arrived(self)

    def data_received(self, data: bytes) -> None:
        if self._head is None:
            return  # whatever a reader sends after the request means nothing
        self._head += data
        head, end, _ = self._head.partition(b"\r\n\r\n")
        if len(head) > LONGEST_HEAD:
            self.refuse("431 Request Header Fields Too Large", "This request is too long.")
        elif end:
            self._head = None
            self._server.asked(self, head)

    def connection_lost(self, exc: Exception | None) -> None:
        self._server.left(self)
        self._transport = None

    def peer(self) -> str:
        """The address at the other end of this connection."""
        name = self._transport.get_extra_info("peername") if self._transport else None
        return str(name[0]) if name else "unknown"

    @property
    def is_silent(self) -> bool:
        """True while the client has not said what it wants."""
        return self._head is not None

    def begin(self) -> None:
        """Say that this is a stream."""
        self.is_open = True
        self.send(frames.opening())

    def send(self, frame: bytes) -> None:
        """Write to the reader; drops one who has not read what came before. Nothing happens once they are gone."""
        if self._transport is None or self._transport.is_closing():
            return
        if self._transport.get_write_buffer_size() > SLOWEST:
            self._transport.abort()
        else:
            self._transport.write(frame)

    def beat(self) -> None:
        """Keep a silent stream alive; one that is still being written to needs no heartbeat."""
        if self._transport and not self._transport.get_write_buffer_size():
            self.send(frames.HEARTBEAT)

    async def drained(self) -> None:
        """Wait until the reader has taken what was sent; drops one who takes too long."""
        loop = asyncio.get_running_loop()
        until = loop.time() + PATIENCE
        while self._transport and not self._transport.is_closing() and self._transport.get_write_buffer_size():
            if loop.time() > until:
                self._transport.abort()
            await asyncio.sleep(0.02)

    def end(self, frame: bytes) -> None:
        """Write a last frame and close."""
        self._head = None
        self.send(frame)
        if self._transport:
            self._transport.close()

    def refuse(self, status: str, sentence: str) -> None:
        """Answer with a status and a sentence instead of a stream."""
        self.end(frames.refusal(status, sentence))


class LiveServer:
    """All streams of this process. `source` and `bell` are described in `follow`."""

    def __init__(
        self,
        source: Source,
        bell: Bell,
        *,
        trusted_proxies: int = 0,
        most_streams: int = MOST_STREAMS,
        most_per_address: int = MOST_PER_ADDRESS,
        head_within: float = HEAD_WITHIN,
        beat: float = BEAT,
    ) -> None:
        self._pool = ThreadPoolExecutor(WORKERS, "look")
        self._source, self._bell = source, bell
        self._trusted_proxies = trusted_proxies
        self._most_streams, self._most_per_address = most_streams, most_per_address
        self._head_within, self._beat = head_within, beat
        self._turn, self._turns = 0, max(1, round(beat))
        self._streams: dict[Stream, None] = {}
        self._addresses: Counter[str] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self, host: str, port: int) -> int:
        """Listen; returns the port, which the system chooses when 0 is asked for. Raises OSError when it is taken."""
        self._loop = asyncio.get_running_loop()
        self._watcher = Watcher(self._source, self._bell, self._pool)
        self._server = await self._loop.create_server(lambda: Stream(self), host, port, backlog=1024)
        self._spawn(self._watcher.run())
        self._spawn(self._tend())
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Take nobody new, send what is written, end every stream: their browsers come back to the next process."""
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for stream in list(self._streams):
            stream.end(b"")
        for _ in range(40):  # two seconds for what is still to be written
            if not self._streams:
                break
            await asyncio.sleep(0.05)
        self._pool.shutdown(wait=False, cancel_futures=True)

    def __len__(self) -> int:
        return len(self._streams)

    def arrived(self, stream: Stream) -> None:
        """A connection was made."""
        stream.arrived_at, stream.turn = self._loop.time(), self._turn
        self._turn = (self._turn + 1) % self._turns
        self._streams[stream] = None
        if len(self._streams) > self._most_streams:
            stream.refuse("503 Service Unavailable", "Too many readers follow at this moment; the page itself works.")
        elif not self._trusted_proxies:
            self._count(stream, stream.peer())  # before a word is said: silent connections would cost nothing otherwise

    def left(self, stream: Stream) -> None:
        """A connection ended, from whichever side."""
        self._streams.pop(stream, None)
        if stream.address:
            self._addresses[stream.address] -= 1
            if not self._addresses[stream.address]:
                del self._addresses[stream.address]
        if stream.thread is not None:
            self._watcher.leave(stream.thread, stream)

    def asked(self, stream: Stream, head: bytes) -> None:
        """A whole request has come."""
        try:
            request = read_request(head)
        except BadRequest as fault:
            stream.refuse(fault.status, fault.sentence)
            return
        if request.thread is None:
            stream.refuse("200 OK", "alive")
            return
        stream.thread = request.thread
        if self._trusted_proxies and not self._count(stream, self._address(stream, request)):
            return
        self._spawn(self._follow(stream, request.thread, request.since))

    def _count(self, stream: Stream, address: str) -> bool:
        """Note one more connection of this address; False when that is one too many, which is refused."""
        stream.address = address
        self._addresses[address] += 1
        if self._addresses[address] <= self._most_per_address:
            return True
        stream.refuse("429 Too Many Requests", "Too many streams from one address.")
        return False

    async def _follow(self, stream: Stream, thread: int, since: int) -> None:
        try:
            if not await self._watcher.join(thread, since, stream, stream.begin):
                stream.refuse("404 Not Found", "There is no such discussion.")
        except Exception:
            log.exception("Thread %d could not be read for a new reader.", thread)
            stream.refuse("503 Service Unavailable", "The discussion cannot be read at this moment.")
        if stream not in self._streams:
            self._watcher.leave(thread, stream)  # they left while we looked

    def _address(self, stream: Stream, request: StreamRequest) -> str:
        """What the outermost proxy we trust saw; where it did not say, the other end of the connection."""
        depth = self._trusted_proxies
        if len(request.forwarded_for) >= depth:
            return request.forwarded_for[-depth][:64]
        return stream.peer()

    async def _tend(self) -> None:
        """Once a second: end those who never said what they want, and beat for a share of the others."""
        turn = 0
        while True:
            await asyncio.sleep(min(1.0, self._beat))
            turn = (turn + 1) % self._turns
            late = self._loop.time() - self._head_within
            for stream in list(self._streams):
                if stream.is_silent and stream.arrived_at < late:
                    stream.refuse("408 Request Timeout", "No request came.")
                elif stream.is_open and stream.turn == turn:
                    stream.beat()

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
