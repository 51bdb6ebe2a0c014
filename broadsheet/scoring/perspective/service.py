"""The service as an ASGI callable: keys, quotas, bodies and other sites' pages before the two methods, HTTP after them.

It logs no requests. What goes wrong is told by its kind and place in the code, never by words that came in.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote

from broadsheet.scoring.answers import Scorer
from broadsheet.scoring.perspective import answering, bodies, multipart
from broadsheet.scoring.perspective.arriving import BODY_WITHIN, Arriving, Receive
from broadsheet.scoring.perspective.batches import WITHIN, Batches, place_of
from broadsheet.scoring.perspective.discovery import document
from broadsheet.scoring.perspective.keys import Key, Keys
from broadsheet.scoring.perspective.refusals import Refusal, about_the_key
from broadsheet.scoring.perspective.suggestions import Suggestions

log = logging.getLogger("broadsheet.scorer")

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

LONG_BODY = 64 * 1024  # bytes, from which on a body is read beside the loop that answers everybody
PARTS_AT_ONCE = 8  # of one batch
ANALYZE, SUGGEST, BATCH = "/v1alpha1/comments:analyze", "/v1alpha1/comments:suggestscore", "/batch"
METRICS = {ANALYZE: "analyze", SUGGEST: "suggest"}
DISCOVERY = ("/$discovery/rest", "/discovery/v1/apis/commentanalyzer/v1alpha1/rest")
HOST = re.compile(r"[A-Za-z0-9.\-\[\]:_]{1,255}")
HOST_OF_A_PART = re.compile(r"\Ahttps?://[^/?]*", re.IGNORECASE)  # Java's client writes whole addresses
PREFLIGHT = (
    (b"access-control-allow-methods", b"POST, GET, OPTIONS"),
    (
        b"access-control-allow-headers",
        b"content-type, x-goog-api-key, x-goog-api-client, x-javascript-user-agent, x-clientdetails, x-origin, "
        b"x-referer, x-requested-with",
    ),
    (b"access-control-max-age", b"3600"),
)


@dataclass(frozen=True)
class Asked:
    """A request without its body."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]

    @property
    def key(self) -> str | None:
        """The key as it was presented."""
        return self.query.get("key") or self.headers.get("x-goog-api-key")

    @property
    def origin(self) -> str:
        """The origin of the page that asks, where a browser does."""
        return self.headers.get("origin", "")


@dataclass
class Answer:
    """What goes back."""

    status: int
    body: bytes
    content_type: str = "application/json; charset=UTF-8"
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)


class Service:
    """One scorer, its keys, and what is kept of suggestions."""

    def __init__(
        self,
        scorer: Scorer,
        keys: Keys,
        suggestions: Suggestions,
        url: str = "",
        body_within: float = BODY_WITHIN,
        answer_within: float = WITHIN,
    ) -> None:
        self._scorer, self._keys, self._suggestions, self._url = scorer, keys, suggestions, url
        self._arriving = Arriving(body_within)
        self._batches = Batches(scorer, answer_within)
        self._counts = {"analyze": 0, "suggest": 0}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or begin and end with the server."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            answer = await self._answer(scope, receive)
            await send(
                {
                    "type": "http.response.start",
                    "status": answer.status,
                    "headers": [
                        (b"content-type", answer.content_type.encode()),
                        (b"content-length", str(len(answer.body)).encode()),
                        (b"cache-control", b"private, no-store"),
                        (b"vary", b"Origin"),
                        (b"x-content-type-options", b"nosniff"),
                        *answer.headers,
                    ],
                }
            )
            body = b"" if scope["method"] == "HEAD" else answer.body
            await send({"type": "http.response.body", "body": body})

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                self._batches.close()
            await send({"type": message["type"] + ".complete"})
            if message["type"] == "lifespan.shutdown":
                return

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        asked = _asked(scope)
        key: Key | None = None
        try:
            if asked.method == "OPTIONS":
                return self._preflight(asked)
            if asked.method in ("GET", "HEAD"):
                answer = self._look(asked, scope)
            elif asked.method == "POST" and asked.path in (ANALYZE, SUGGEST):
                key = self._keys.find(asked.key)
                self._admit(key, asked)
                key.take(METRICS[asked.path])
                body = await self._arriving.body(asked.headers, receive)
                answer = _json(200, await self._method(asked, key, body), asked)
            elif asked.method == "POST" and asked.path == BATCH:
                answer = await self._batch(asked, await self._arriving.body(asked.headers, receive, stranger=True))
            else:
                raise Refusal(404, "Not found.", hang_up=True)
        except Refusal as refusal:
            answer = _refused(refusal, asked)
        except Exception as fault:
            log.error("A request could not be answered: %s", place_of(fault))
            answer = _refused(Refusal(500, "Internal error encountered."), asked)
        if asked.origin and key is not None and key.lets_in(asked.origin):
            answer.headers += _for_pages_of(asked.origin)
        return answer

    def _look(self, asked: Asked, scope: Scope) -> Answer:
        """What may be read without a key: whether the service is well, and how to ask it."""
        if asked.path == "/healthz":
            state: dict[str, Any] = {"status": "ok"}
            if asked.key:
                self._keys.find(asked.key)
                state |= {"scorer": self._scorer.name, "parts": list(self._scorer.parts), "answered": self._counts}
            if self._batches.stuck:
                state["status"] = "the scorer does not answer"
            return _json(503 if self._batches.stuck else 200, state, asked)
        if asked.path in DISCOVERY and asked.query.get("version", "v1alpha1") == "v1alpha1":
            answer = _json(200, document(self._url or _root(asked, scope)), asked)
            if asked.origin and self._keys.any_lets_in(asked.origin):
                answer.headers += _for_pages_of(asked.origin)
            return answer
        raise Refusal(404, "Not found.")

    def _preflight(self, asked: Asked) -> Answer:
        """A browser asks before a page may ask: yes, where a key of ours is for such pages."""
        by_key = asked.query.get("key")
        allowed = self._lets_in(by_key, asked.origin) if by_key else self._keys.any_lets_in(asked.origin)
        headers = [*_for_pages_of(asked.origin), *PREFLIGHT] if asked.origin and allowed else []
        return Answer(200, b"", headers=headers)

    def _lets_in(self, presented: str | None, origin: str) -> bool:
        try:
            return self._keys.find(presented).lets_in(origin)
        except Refusal:
            return False

    def _admit(self, key: Key, asked: Asked) -> None:
        """A key for some pages is not for the pages of others."""
        if asked.origin and key.settings.origins and not key.lets_in(asked.origin):
            message = "Requests from this origin are blocked."
            raise about_the_key(403, message, "API_KEY_HTTP_REFERRER_BLOCKED", consumer=key.settings.name)

    async def _method(self, asked: Asked, key: Key, body: bytes) -> dict[str, Any]:
        read = bodies.analyze if asked.path == ANALYZE else bodies.suggest
        request = await asyncio.to_thread(read, body) if len(body) > LONG_BODY else read(body)
        if asked.path == ANALYZE:
            answer = await answering.analyze(request, key, self._batches)
        else:
            answer = await answering.suggest(request, key.settings.name, self._batches, self._suggestions)
        self._counts[METRICS[asked.path]] += 1
        return answer

    async def _batch(self, asked: Asked, body: bytes) -> Answer:
        parts = multipart.parts(asked.headers.get("content-type", ""), body)
        at_once = asyncio.Semaphore(PARTS_AT_ONCE)
        inner = [_inner(asked, part) for part in parts]
        answers = await asyncio.gather(
            *(self._part(one, part, at_once) for one, part in zip(inner, parts, strict=True))
        )
        content_type, joined = multipart.answer(
            (part, answer.status, answer.body) for part, answer in zip(parts, answers, strict=True)
        )
        # A page reads all the answers or none: each must be to a key that is for such pages.
        readable = asked.origin and all(self._lets_in(one.key, asked.origin) for one in inner)
        return Answer(200, joined, content_type, _for_pages_of(asked.origin) if readable else [])

    async def _part(self, asked: Asked, part: multipart.Part, at_once: asyncio.Semaphore) -> Answer:
        try:
            if part.refusal is not None:
                raise part.refusal
            if asked.method != "POST" or asked.path not in METRICS:
                raise Refusal(404, "Not found.")
            key = self._keys.find(asked.key)
            self._admit(key, asked)
            key.take(METRICS[asked.path])
            async with at_once:
                return _json(200, await self._method(asked, key, part.body), asked)
        except Refusal as refusal:
            return _refused(refusal, asked)


def _asked(scope: Scope) -> Asked:
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    return Asked(scope["method"], scope["path"], _query(scope["query_string"].decode("latin-1")), headers)


def _inner(around: Asked, part: multipart.Part) -> Asked:
    """The request in a part, which has from the one around it what it does not say itself.

    Whom it names as its host does not matter, as with any request: it has come to us. Which page asks is only for the
    browser to say, around it.
    """
    path, _, query = HOST_OF_A_PART.sub("", part.target).partition("?")
    headers = around.headers | part.headers | {"origin": around.origin}
    return Asked(part.method, unquote(path), around.query | _query(query), headers)


def _query(text: str) -> dict[str, str]:
    try:
        return dict(reversed(parse_qsl(text, keep_blank_values=True, max_num_fields=100)))
    except ValueError:  # more of them than any client sends
        return {}


def _root(asked: Asked, scope: Scope) -> str:
    """The address by which we were reached."""
    host = asked.headers.get("host", "")
    if not HOST.fullmatch(host):
        name, port = scope.get("server") or ("127.0.0.1", 80)
        host = f"{name}:{port}"
    return f"{scope.get('scheme', 'http')}://{host}"


def _for_pages_of(origin: str) -> list[tuple[bytes, bytes]]:
    return [(b"access-control-allow-origin", origin.encode("latin-1"))]


def _json(status: int, content: dict[str, Any], asked: Asked) -> Answer:
    pretty = asked.query.get("prettyPrint", "true").lower() not in ("false", "0")
    body = json.dumps(content, indent=2) if pretty else json.dumps(content, separators=(",", ":"))
    return Answer(status, body.encode() + b"\n")


def _refused(refusal: Refusal, asked: Asked) -> Answer:
    answer = _json(refusal.code, refusal.body(), asked)
    if refusal.retry_after:
        answer.headers.append((b"retry-after", str(refusal.retry_after).encode()))
    if refusal.hang_up:
        answer.headers.append((b"connection", b"close"))
    return answer
