"""Bodies on their way: how large one may be, how long it may take, and how much strangers' bodies may hold together."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

from broadsheet.scoring.perspective.refusals import Refusal

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

LONGEST_BODY = 4 << 20  # bytes: a comment of 20 KiB and entries of context of 1 MiB, as the reference allows
BODY_WITHIN = 10.0  # seconds for a body to arrive
STRANGERS_HOLD = 8 * LONGEST_BODY  # of bodies on their way whose callers' keys stand in them


class Arriving:
    """The one way in for bodies."""

    def __init__(self, within: float = BODY_WITHIN) -> None:
        self._within = within
        self._strangers: dict[asyncio.Timeout, int] = {}  # bytes that have come, of who began first, first

    async def body(self, headers: Mapping[str, str], receive: Receive, *, stranger: bool = False) -> bytes:
        """A whole body, or the refusal of one that is too large, too late or breaks off.

        A stranger's takes no place from others: however slowly it comes, it costs a connection and what has come of
        it. Where strangers' bodies hold too much together, the one that has been on its way longest makes room.
        """
        if headers.get("content-encoding", "identity").lower() != "identity":
            raise Refusal(400, "Content-Encoding is not supported.", hang_up=True)
        declared = headers.get("content-length", "")
        if declared.isdigit() and int(declared[:20]) > LONGEST_BODY:
            raise _too_large()
        body = bytearray()  # not a list: its pieces may be of a few bytes each
        deadline = asyncio.timeout(self._within)
        try:
            async with deadline:
                if stranger:
                    self._strangers[deadline] = 0
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":  # also said of chunks that are none
                        raise Refusal(400, "The body of the request is malformed or breaks off.", hang_up=True)
                    body += message.get("body", b"")
                    if len(body) > LONGEST_BODY:
                        raise _too_large()
                    if not message.get("more_body"):
                        return bytes(body)
                    if deadline in self._strangers:
                        self._strangers[deadline] = len(body)
                        self._make_room()
        except TimeoutError:
            raise Refusal(408, "The request did not arrive in time.", hang_up=True) from None
        finally:
            self._strangers.pop(deadline, None)

    def _make_room(self) -> None:
        now = asyncio.get_running_loop().time()
        while sum(self._strangers.values()) > STRANGERS_HOLD:
            longest = next(iter(self._strangers))
            del self._strangers[longest]
            if not longest.expired():
                longest.reschedule(now)


def _too_large() -> Refusal:
    return Refusal(400, f"Request payload size exceeds the limit: {LONGEST_BODY} bytes.", hang_up=True)
