"""Many requests in one, as Google's client libraries bundle them: multipart/mixed, an HTTP request in each part."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from http import HTTPStatus

from broadsheet.scoring.perspective.refusals import Refusal, malformed

MOST = 100  # requests in one
LONGEST_HEAD = 8 * 1024  # bytes of a part's own lines, and again of its request's
MOST_LINES = 100  # in such a head
BOUNDARY = re.compile(r';\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))\s*(?:;|\Z)', re.IGNORECASE)
EMPTY_LINE = re.compile(rb"\r?\n\r?\n")
FOLD = re.compile(r"\n(?=[ \t])")  # within a long line, as Python's client writes a Content-ID


@dataclass(frozen=True)
class Part:
    """One of the requests, or why it cannot be read."""

    content_id: str
    method: str = ""
    target: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    refusal: Refusal | None = None


def parts(content_type: str, body: bytes) -> list[Part]:
    """The requests in a body.

    Read by hand, and only their heads: anybody may send one, and Python's own parser takes seconds over some bodies
    and calls itself for parts inside parts.
    """
    boundary = BOUNDARY.search(content_type)
    if boundary is None or not content_type.lower().startswith("multipart/mixed"):
        raise malformed("", "A batch must be multipart/mixed, with a boundary.")
    line = b"\n--" + (boundary[1] or boundary[2]).encode("latin-1", "replace")
    _, *pieces = (b"\n" + body).split(line, MOST + 1)
    last = next((number for number, piece in enumerate(pieces) if piece.startswith(b"--")), len(pieces))
    if last == 0:
        raise malformed("", "A batch must hold at least one request.")
    if last > MOST:
        raise malformed("", f"The batch request contains too many parts; at most {MOST} are taken.")
    return [_part(piece) for piece in pieces[:last]]


def _part(piece: bytes) -> Part:
    content_id = ""
    try:
        _, around, content = _head(piece)  # first the end of the boundary's line
        content_id = around.get("content-id", "")
        if not around.get("content-type", "application/http").lower().startswith("application/http"):
            raise malformed("", "A part of a batch must be application/http.")
        first, headers, body = _head(content)
        words = first.split()
        if len(words) < 2:
            raise malformed("", "A part of a batch must begin with a request line.")
        return Part(content_id, words[0], words[1], headers, body)
    except Refusal as refusal:
        return Part(content_id, refusal=refusal)


def _head(content: bytes) -> tuple[str, dict[str, str], bytes]:
    """The first line, the headers under it, and what comes after the empty line."""
    end = EMPTY_LINE.search(content, 0, LONGEST_HEAD)
    head, rest = (content[: end.start()], content[end.end() :]) if end else (content, b"")
    if len(head) > LONGEST_HEAD or head.count(b"\n") > MOST_LINES:
        raise malformed("", "The headers of a part of the batch are too long.")
    first, *lines = FOLD.sub("", head.decode("latin-1").replace("\r\n", "\n")).split("\n")
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    return first, headers, rest


def answer(answers: Iterable[tuple[Part, int, bytes]]) -> tuple[str, bytes]:
    """The content type and the body that answer them."""
    boundary = "batch_" + secrets.token_hex(16)
    pieces = []
    for part, status, body in answers:
        answered = part.content_id.replace("<", "<response-", 1) if "<" in part.content_id else "response"
        heads = [
            f"--{boundary}",
            "Content-Type: application/http",
            f"Content-ID: {answered}",
            "",
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
            "Content-Type: application/json; charset=UTF-8",
            f"Content-Length: {len(body)}",
            "",
        ]
        pieces.append("\r\n".join(heads).encode("latin-1", "replace") + b"\r\n" + body + b"\r\n")
    return f"multipart/mixed; boundary={boundary}", b"".join(pieces) + f"--{boundary}--\r\n".encode()
