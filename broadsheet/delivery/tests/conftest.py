"""The edge as the server builds it, round this app's test site."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import RequestFactory

from broadsheet.delivery.edge import Edge
from broadsheet.delivery.store import ReadyPages
from broadsheet.delivery.tests import site


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


def ask(edge, address, method="GET", **headers):
    """One request to a WSGI callable, as a server would make it."""
    environ = RequestFactory().generic(method, address).environ | {
        "HTTP_" + name.upper(): value for name, value in headers.items()
    }
    head = []
    answer = edge(environ, lambda *given: head.append(given))
    body = b"".join(answer)
    if hasattr(answer, "close"):
        answer.close()
    status, fields = head[0]
    assert len({name.lower() for name, _ in fields}) == len(fields), "a header twice"
    return Answer(int(status.split()[0]), dict(fields), body)


class Clock:
    """Moves only when told."""

    def __init__(self, now=1_000_000.0):
        self.now = now

    def __call__(self):
        return self.now


@pytest.fixture(autouse=True)
def fresh_site():
    site.made.clear()
    site.ends.clear()
    site.during.clear()
    site.words["now"] = "first words"


@pytest.fixture
def make_edge(settings):
    settings.ROOT_URLCONF = "broadsheet.delivery.tests.site"

    def make(**facts):
        return Edge(WSGIHandler(), pages=ReadyPages(**facts))

    signals = request_started, request_finished
    for signal in signals:  # as Django's own test client does: the test's transaction outlives the request
        signal.disconnect(close_old_connections)
    yield make
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def edge(make_edge):
    return make_edge()
