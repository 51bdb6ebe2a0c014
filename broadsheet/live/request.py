"""Reads the head of a stream's request: only what an EventSource sends, and a right status for everything else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs

LONGEST_HEAD = 8192  # bytes; browsers send under two thousand

_LINE = re.compile(r"([A-Z]{1,20}) (\S+) HTTP/1\.[01]", re.ASCII)
_PATH = re.compile(r"/live/threads/([0-9]{1,18})", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)


class BadRequest(Exception):
    """A request this server does not answer with a stream; `status` is the line to send."""

    def __init__(self, status: str, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


@dataclass(frozen=True, slots=True)
class StreamRequest:
    """Follow this thread from the change after revision `since`; `thread` None asks whether we are alive."""

    thread: int | None
    since: int
    forwarded_for: tuple[str, ...]


def read_request(head: bytes) -> StreamRequest:
    """The request in these bytes (all up to the empty line). Raises BadRequest."""
    first, *fields = head.decode("latin-1").split("\r\n")
    if not (line := _LINE.fullmatch(first)):
        raise BadRequest("400 Bad Request", "This is not a request we can read.")
    path, _, query = line[2].partition("?")
    headers = _headers(fields)
    forwarded = tuple(part.strip() for part in headers.get("x-forwarded-for", "").split(",") if part.strip())
    thread = _PATH.fullmatch(path)
    if not thread and path != "/healthz":
        raise BadRequest("404 Not Found", "Streams are at /live/threads/NUMBER?since=REVISION.")
    if line[1] != "GET":
        raise BadRequest("405 Method Not Allowed", "A stream is read with GET.")
    if not thread:
        return StreamRequest(None, 0, forwarded)
    return StreamRequest(int(thread[1]), _since(query, headers.get("last-event-id", "")), forwarded)


def _headers(fields: list[str]) -> dict[str, str]:
    headers = {}
    for field in fields:
        name, colon, value = field.partition(":")
        if field and (not colon or name != name.strip() or not name):
            raise BadRequest("400 Bad Request", "This is not a request we can read.")
        headers[name.lower()] = value.strip()
    return headers


def _since(query: str, last_event_id: str) -> int:
    """Where the reader was: what their browser last heard, which is later than what the page said."""
    if _NUMBER.fullmatch(last_event_id):
        return int(last_event_id)
    try:
        values = parse_qs(query, max_num_fields=20).get("since", [])
    except ValueError:
        values = []
    if len(values) != 1 or not _NUMBER.fullmatch(values[0]):
        raise BadRequest("400 Bad Request", "Say since=REVISION, the revision the page was made with.")
    return int(values[0])
