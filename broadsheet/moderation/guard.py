"""The database's own guard over decisions: it refuses to change or delete one, whoever asks and by whatever way.

SQLite loses a table's triggers when a later migration rebuilds the table, so the guard is put up after every
`migrate` and not only once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "moderation_decision"
SENTENCE = "A decision is never changed or deleted; make another that follows it."

_SQLITE = [
    *(
        f"CREATE TRIGGER IF NOT EXISTS decision_no_{act.lower()} BEFORE {act} ON {TABLE} "
        f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
        for act in ("UPDATE", "DELETE")
    ),
    # INSERT OR REPLACE deletes without waking the trigger above.
    f"CREATE TRIGGER IF NOT EXISTS decision_no_replace BEFORE INSERT ON {TABLE} "
    f"WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE id = NEW.id "
    f"OR (comment_id = NEW.comment_id AND number = NEW.number)) "
    f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END",
]
_SQLITE_LIFT = [f"DROP TRIGGER IF EXISTS decision_no_{act}" for act in ("update", "delete", "replace")]

_POSTGRESQL = [
    "CREATE OR REPLACE FUNCTION refuse_decision_change() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'restrict_violation'; END $$",
    f"CREATE OR REPLACE TRIGGER decision_no_change BEFORE UPDATE OR DELETE ON {TABLE} "
    "FOR EACH ROW EXECUTE FUNCTION refuse_decision_change()",
    f"DROP TRIGGER IF EXISTS decision_no_truncate ON {TABLE}",
    f"CREATE TRIGGER decision_no_truncate BEFORE TRUNCATE ON {TABLE} "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_decision_change()",
]
_POSTGRESQL_LIFT = [f"DROP TRIGGER IF EXISTS decision_no_{act} ON {TABLE}" for act in ("change", "truncate")]


def put_up(connection: BaseDatabaseWrapper) -> None:
    """Make the triggers where they are missing; does nothing where they stand."""
    _run(connection, _POSTGRESQL if connection.vendor == "postgresql" else _SQLITE)


def take_down(connection: BaseDatabaseWrapper) -> None:
    """Remove the triggers: for the way back of the migration, and for `flush`."""
    _run(connection, _POSTGRESQL_LIFT if connection.vendor == "postgresql" else _SQLITE_LIFT)


@contextmanager
def lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Without the guard for as long as the whole database is emptied; nothing else may ask for it."""
    take_down(connection)
    try:
        yield
    finally:
        put_up(connection)


def stands(connection: BaseDatabaseWrapper) -> bool:
    """True when every trigger is in its place."""
    catalogue, wanted = ("pg_trigger", 2) if connection.vendor == "postgresql" else ("sqlite_master", 3)
    column = "tgname" if connection.vendor == "postgresql" else "name"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {catalogue} WHERE {column} LIKE 'decision_no_%%'", [])
        return bool(cursor.fetchone()[0] == wanted)


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
