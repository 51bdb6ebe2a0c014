"""What the wire answers is kept ready by the edge, as pages are."""

from __future__ import annotations

import json

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from broadsheet.delivery.edge import Edge
from broadsheet.delivery.store import ReadyPages
from broadsheet.delivery.tests.conftest import ask
from broadsheet.stories.actions import add_notice, withdraw_story
from broadsheet.wire import views

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def edge(db):
    signals = request_started, request_finished
    for signal in signals:  # as Django's own test client does
        signal.disconnect(close_old_connections)
    yield Edge(WSGIHandler(), pages=ReadyPages())
    for signal in signals:
        signal.connect(close_old_connections)


def test_a_form_of_a_story_is_kept_and_dropped_when_the_story_changes(edge, ferry, monkeypatch):
    monkeypatch.setattr(views, "WIRE_STORIES", 1)
    made = []
    read = views.items
    monkeypatch.setattr(views, "items", lambda *args, **facts: made.append(1) or read(*args, **facts))
    addresses = [f"/stories/{ferry.pk}/ninjs.json", f"/stories/{ferry.pk}/newsml-g2.xml", "/wire/ninjs.json"]
    addresses += ["/feed/rss/", "/feed/json/", "/news-sitemap.xml"]
    before = [ask(edge, address) for address in addresses]
    assert {answer.status for answer in before} == {200} and len(made) == len(addresses)
    for address, answer in zip(addresses, before, strict=True):
        again = ask(edge, address, If_None_Match=answer.headers["ETag"])
        assert (again.status, again.body) == (304, b"")
        assert "Set-Cookie" not in answer.headers
    assert len(made) == len(addresses)
    add_notice(story=ferry, kind="update", text="It runs again.")
    after = [ask(edge, address) for address in addresses]
    assert all(new.headers["ETag"] != old.headers["ETag"] for new, old in zip(after, before, strict=True))
    withdraw_story(story=ferry, text="It never stopped.")
    assert json.loads(ask(edge, addresses[0]).body)["pubStatus"] == "canceled"
    assert not any(b"Ferry" in ask(edge, address).body for address in addresses)
