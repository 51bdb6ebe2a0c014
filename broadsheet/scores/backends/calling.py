"""One call to another scorer: given up in time, not made while its server is left alone, noted without its words."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from broadsheet.core import breaker, clock, outbound
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


@dataclass
class Noted:
    """One request as it is noted when it is over: `with noted(texts, calls) as call: ...`."""

    at: datetime
    comments: int
    characters: int
    milliseconds: int = 0
    fault: str = ""


@contextmanager
def noted(texts: Sequence[str], calls: list[Noted]) -> Iterator[Noted]:
    """Note a request among these calls, and why there is no answer where there is none. That raises nothing here."""
    call = Noted(clock.now(), len(texts), sum(map(len, texts)))
    began = time.monotonic()
    try:
        yield call
    except (NoAnswer, Unreadable) as why:
        call.fault = str(why)
    call.milliseconds = round((time.monotonic() - began) * 1000)
    calls.append(call)


def keep(backend: Backend, calls: Sequence[Noted]) -> None:
    """Write down how the requests went, and forget the oldest."""
    Call.objects.bulk_create(
        Call(backend=backend, **{**asdict(call), "fault": call.fault[:LONGEST_ERROR]}) for call in calls
    )
    old = list(backend.calls.order_by("-pk").values_list("pk", flat=True)[KEPT : KEPT + 100])
    backend.calls.filter(pk__in=old).delete()


def as_json(said: Any) -> bytes:
    """The bytes that are sent; everything beyond ASCII as JSON escapes, which every reader of JSON undoes."""
    return json.dumps(said).encode()


def _key(backend: Backend) -> str:
    return f"scores.backend.{backend.pk}"
