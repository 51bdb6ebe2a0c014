"""/healthz says that the process lives, /readyz that it can serve."""

from __future__ import annotations

import json

import pytest
from django.db import OperationalError, connection, connections

from broadsheet.config import health
from broadsheet.config.wsgi import make
from broadsheet.delivery.tests.conftest import ask


@pytest.fixture
def not_yet_known(monkeypatch):
    """As in a process that has not seen a migrated database."""
    monkeypatch.setattr(health, "_migrated", False)


def test_alive_needs_no_database(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"alive": True})
    assert not answer.cookies


@pytest.mark.django_db
def test_ready_looks_at_the_database_the_migrations_and_the_bell(client, not_yet_known, django_assert_max_num_queries):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["ready"]) == (200, True)
    with django_assert_max_num_queries(4):  # the migrations are looked at once
        client.get("/readyz")


@pytest.mark.django_db
def test_the_backlog_is_told_and_without_a_worker_the_pages_are_ready_all_the_same(client):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["tasks"] == {
        "waiting": 0,
        "oldest_seconds": 0,
        "failed_today": 0,
        "last_run": None,
        "worker": False,
    }


@pytest.mark.django_db
def test_a_missing_migration_is_told(client, not_yet_known):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'delivery'")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["faults"] == {"migrations": "1 missing: run `broadsheet migrate`"}


@pytest.mark.django_db
def test_a_database_that_does_not_answer_is_told_without_its_address(client, monkeypatch):
    def refuse(*_):
        raise OperationalError("connection to server at 10.1.2.3 failed")

    monkeypatch.setattr(connections["default"], "cursor", refuse)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "faults": {"database": "does not answer"}}


def test_the_server_answers_watchers_whatever_host_they_name():
    edge = make()
    for address, method in (("/healthz", "GET"), ("/healthz", "HEAD")):
        answer = ask(edge, address, method, host="10.0.0.7:8000")
        assert answer.status == 200
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
    assert json.loads(ask(edge, "/healthz", host="10.0.0.7").body) == {"alive": True}


@pytest.mark.django_db
def test_the_server_says_that_it_is_ready():
    assert json.loads(ask(make(), "/readyz", host="10.0.0.7").body)["ready"] is True
