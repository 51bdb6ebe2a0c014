"""Is it alive, is it ready: two addresses for whoever watches the server.

They are plain WSGI, answered before Django: a watcher asks by number (`Host: 10.0.0.7`), which Django would refuse, and
must not need a session. Django answers them too, for servers without our edge.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from broadsheet.core import troubles
from broadsheet.core.bell import bell
from broadsheet.core.connections import renew_connection
from broadsheet.jobs.state import state

_migrated = False  # once true it stays so: migrations are not taken back under a running server


def faults() -> dict[str, str]:
    """What keeps this process from serving, by part; empty when it is ready. One short query."""
    found = {}
    try:
        renew_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if missing := missing_migrations():
            found["migrations"] = f"{missing} missing: run `broadsheet migrate`"
    except DatabaseError:
        found["database"] = "does not answer"
    try:
        if not bell().try_it():
            found["bell"] = "cannot be rung"
    except OSError:
        found["bell"] = "its file in data_dir/run cannot be written"
    return found


def missing_migrations() -> int:
    """How many migrations have not been applied. Looks at the disk until there are none, then never again."""
    global _migrated
    if _migrated:
        return 0
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    _migrated = not missing
    return missing


def report() -> tuple[dict[str, Any], int]:
    """What /readyz says, and with which status. A worker that is behind or away keeps nobody from reading."""
    found = faults()
    if found:
        return {"ready": False, "faults": found}, 503
    slow = {trouble.what: trouble.since.isoformat(timespec="seconds") for trouble in troubles.standing()}
    return {"ready": True, "tasks": state(), "troubles": slow}, 200


def _wsgi(answer: Callable[[], tuple[dict[str, Any], int]]) -> Callable[[dict[str, Any], Any], list[bytes]]:
    def respond(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        facts, status = answer()
        body = json.dumps(facts).encode()
        start_response(
            "200 OK" if status == 200 else "503 Service Unavailable",
            [("Content-Type", "application/json"), ("Content-Length", str(len(body))), ("Cache-Control", "no-store")],
        )
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    return respond


alive = _wsgi(lambda: ({"alive": True}, 200))
ready = _wsgi(report)


def _alive_view(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"alive": True}, headers={"Cache-Control": "no-store"})


def _ready_view(request: HttpRequest) -> HttpResponse:
    facts, status = report()
    return JsonResponse(facts, status=status, headers={"Cache-Control": "no-store"})


urlpatterns = [path("healthz", _alive_view, name="healthz"), path("readyz", _ready_view, name="readyz")]
