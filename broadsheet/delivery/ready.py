"""A finished public page: its bytes, ready for the socket, and what they depend on."""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpResponse

from broadsheet.delivery.freshness import Freshness
from broadsheet.delivery.negotiation import accepts_gzip, has_it

Environ = dict[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], Any]

_OURS = {"content-length", "content-encoding", "etag", "vary"}  # made anew for each encoding
_IN_304 = {"cache-control", "vary"}  # what RFC 9110, 15.4.5 asks for; the client has the rest


class ReadyPage:
    """One public answer, kept as gzip alone where that is smaller: those few who can't take it get it unpacked."""

    __slots__ = (
        "_body", "_headers", "_headers_gzip", "_not_modified", "_not_modified_gzip", "_packed",
        "asking", "check_at", "checked_at", "ends", "etag", "etag_gzip", "heard", "heard_any", "is_stale",
        "seen", "size", "status", "used_at",
    )  # fmt: skip

    def __init__(self, response: HttpResponse, freshness: Freshness) -> None:
        self.status = f"{response.status_code} {response.reason_phrase}"
        body = response.content
        packed = gzip.compress(body, 6, mtime=0)
        self._packed = len(packed) < len(body)
        self._body = packed if self._packed else body
        self.size = len(self._body) + 4096  # the rest of this object, about
        digest = hashlib.blake2b(body, digest_size=15).hexdigest()
        self.etag, self.etag_gzip = f'"{digest}"', f'"{digest}-gz"'
        kept = [(name, value) for name, value in response.items() if name.lower() not in _OURS]
        if settings.SECURE_HSTS_SECONDS and not response.has_header("Strict-Transport-Security"):
            # Made for a plain request, perhaps sent over TLS; browsers ignore it where it does not apply.
            kept.append(("Strict-Transport-Security", f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains"))
        kept.append(("Vary", "Accept-Encoding"))
        self._headers = [*kept, ("ETag", self.etag), ("Content-Length", str(len(body)))]
        self._headers_gzip = [
            *kept, ("Content-Encoding", "gzip"), ("ETag", self.etag_gzip), ("Content-Length", str(len(packed))),
        ]  # fmt: skip
        short = [(name, value) for name, value in kept if name.lower() in _IN_304]
        self._not_modified = [*short, ("ETag", self.etag)]
        self._not_modified_gzip = [*short, ("ETag", self.etag_gzip)]
        self._depend(freshness)

    def _depend(self, freshness: Freshness) -> None:
        self.is_stale = False
        self.asking = threading.Lock()  # held by the one thread that asks the database about this page
        self.seen = dict(freshness.seen)
        self.heard = tuple(freshness.heard.items())
        self.heard_any = -1  # no number the bell has: the first reader compares tag by tag
        self.ends = freshness.ends.timestamp() if freshness.ends else float("inf")
        self.checked_at = freshness.began  # when the database last agreed
        self.check_at = freshness.began + 1
        self.used_at = freshness.began

    def answer(self, environ: Environ, start_response: StartResponse) -> list[bytes]:
        """Send the page, or 304 to a client that has it; HEAD gets the headers alone."""
        packed = self._packed and accepts_gzip(environ.get("HTTP_ACCEPT_ENCODING", ""))
        known = environ.get("HTTP_IF_NONE_MATCH")
        if known is not None and self.status[:3] == "200" and has_it(known, self.etag_gzip if packed else self.etag):
            start_response("304 Not Modified", self._not_modified_gzip if packed else self._not_modified)
            return []
        start_response(self.status, self._headers_gzip if packed else self._headers)
        if environ["REQUEST_METHOD"] == "HEAD":
            return []
        return [self._body if packed or not self._packed else gzip.decompress(self._body)]
