"""What goes over a stream, as bytes (the event-stream format of the HTML standard, section 9.2)."""

from __future__ import annotations

import json
import secrets
from typing import Any

HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n"
    b"Access-Control-Allow-Origin: *\r\nX-Content-Type-Options: nosniff\r\nX-Accel-Buffering: no\r\n"
    b"Connection: close\r\n\r\n"
)
HEARTBEAT = b":\n\n"  # a comment: keeps the path between us open and shows us who has gone
GONE = b"event: gone\ndata: {}\n\n"  # the thread is not public any more


def change(news: dict[str, Any]) -> bytes:
    """One change event; its id is the cursor a browser comes back with."""
    words = json.dumps(news, ensure_ascii=False, separators=(",", ":"))  # escapes every line end
    return b"id: %d\nevent: change\ndata: %b\n\n" % (news["revision"], words.encode("utf-8", "replace"))


def opening() -> bytes:
    """The head of a stream. Each is told another pause, so that after a restart not all come back in one moment."""
    pause = 1000 + secrets.randbelow(3000)  # milliseconds
    return HEAD + b"retry: %d\n\n" % pause


def refusal(status: str, sentence: str) -> bytes:
    """A whole answer that is not a stream."""
    body = sentence.encode() + b"\n"
    more = {"405": "Allow: GET\r\n", "429": "Retry-After: 60\r\n", "503": "Retry-After: 10\r\n"}.get(status[:3], "")
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
        f"Cache-Control: no-store\r\nAccess-Control-Allow-Origin: *\r\nX-Content-Type-Options: nosniff\r\n"
        f"{more}Connection: close\r\n\r\n"
    )
    return head.encode("ascii") + body
