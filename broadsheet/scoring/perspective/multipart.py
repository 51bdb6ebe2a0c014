"""Many requests in one, as Google's client libraries bundle them: multipart/mixed, an HTTP request in each part."""

from __future__ import annotations

import email.message
import email.parser
import email.policy
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus

from broadsheet.scoring.perspective.refusals import malformed

MOST = 100  # requests in one


@dataclass(frozen=True)
class Part:
    """One of the requests."""

    content_id: str
    method: str
    target: str
    headers: dict[str, str]
    body: bytes


def parts(content_type: str, body: bytes) -> list[Part]:
    """The requests in a body."""
    if "\n" in content_type or "\r" in content_type or not content_type.lower().startswith("multipart/mixed"):
        raise malformed("", "A batch must be multipart/mixed.")
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1", "replace")
    whole = email.parser.BytesParser(policy=email.policy.compat32).parsebytes(head + body)
    found = whole.get_payload()
    if not isinstance(found, list) or not found:
        raise malformed("", "A batch must hold at least one request.")
    if len(found) > MOST:
        raise malformed("", f"The batch request contains too many parts; at most {MOST} are taken.")
    return [_part(one) for one in found if isinstance(one, email.message.Message)]


def _part(message: email.message.Message) -> Part:
    content = message.get_payload(decode=True)
    if not isinstance(content, bytes):
        raise malformed("", "A part of a batch must be application/http.")
    head, _, body = content.replace(b"\r\n", b"\n").partition(b"\n\n")
    first, *lines = head.decode("latin-1").split("\n")
    words = first.split(" ")
    if len(words) < 2:
        raise malformed("", "A part of a batch must begin with a request line.")
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    return Part(str(message.get("Content-ID", "")), words[0], words[1], headers, body)


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
