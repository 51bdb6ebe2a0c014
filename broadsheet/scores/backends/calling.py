"""One call to another scorer: given up in time, not made while its server is left alone, noted without its words."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

from broadsheet.core import breaker, outbound
from broadsheet.core.breaker import Health
from broadsheet.core.standard_webhooks import derived_secret
from broadsheet.scores.backends.models import Backend, Call
from broadsheet.scores.backends.reading import Unreadable

KEPT = 50  # calls of each
LONGEST_ERROR = 200


class NoAnswer(Exception):
    """The server gave no answer to be read; the sentence says why."""


def secret_of(backend: Backend) -> str:
    """The secret that its owner types into their program."""
    return derived_secret("broadsheet.scores.backend", backend.salt)


def health(backend: Backend) -> Health:
    """How its server has been lately."""
    return breaker.health(_key(backend))


def post(backend: Backend, body: bytes, headers: Mapping[str, str]) -> bytes:
    """The server's answer. Raises NoAnswer, and leaves a server that fails again and again alone."""
    if health(backend).rests:
        raise NoAnswer("It is left alone for a while.")
    try:
        said = outbound.fetch(
            backend.address,
            method="POST",
            headers={**headers, "Content-Type": "application/json", "Accept": "application/json"},
            body=body,
            within=backend.seconds,
        )
        if said.status != 200:
            raise outbound.Unreachable(f"It answered with the status {said.status}.")
    except outbound.Unreachable as why:
        breaker.failed(_key(backend), str(why))
        raise NoAnswer(str(why)) from None
    breaker.answered(_key(backend))
    return said.body


class Noted:
    """Notes a call when it is over: `with Noted(backend, texts) as call: ... call.fault = "..."`."""

    def __init__(self, backend: Backend, texts: list[str]) -> None:
        self.backend, self.fault = backend, ""
        self._size = {"comments": len(texts), "characters": sum(map(len, texts))}

    def __enter__(self) -> Noted:
        self._began = time.monotonic()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, _trace: Any) -> bool:
        if isinstance(fault, NoAnswer | Unreadable):
            self.fault = str(fault)
        took = round((time.monotonic() - self._began) * 1000)
        calls = Call.objects.filter(backend=self.backend)
        Call.objects.create(backend=self.backend, milliseconds=took, fault=self.fault[:LONGEST_ERROR], **self._size)
        calls.filter(pk__in=list(calls.order_by("-pk").values_list("pk", flat=True)[KEPT : KEPT + 20])).delete()
        return fault is None or isinstance(fault, NoAnswer | Unreadable)


def as_json(said: Any) -> bytes:
    """The bytes that are sent; everything beyond ASCII as JSON escapes, which every reader of JSON undoes."""
    return json.dumps(said).encode()


def _key(backend: Backend) -> str:
    return f"scores.backend.{backend.pk}"
