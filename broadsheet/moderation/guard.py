"""The database's own guard over decisions: it refuses to change or delete one, whoever asks and by whatever way.

SQLite loses a table's triggers when a later migration rebuilds the table, so the guard is put up after every
`migrate` and not only once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "moderation_decision"

_SQLITE = [
    "CREATE TRIGGER IF NOT EXISTS decision_no_update BEFORE UPDATE ON moderation_decision "
    "BEGIN SELECT RAISE(ABORT, 'A decision is never changed; make another that follows it.'); END",
    "CREATE TRIGGER IF NOT EXISTS decision_no_delete BEFORE DELETE ON moderation_decision "
    "BEGIN SELECT RAISE(ABORT, 'A decision is never changed; make another that follows it.'); END",
    # INSERT OR REPLACE deletes without waking the trigger above.
    "CREATE TRIGGER IF NOT EXISTS decision_no_replace BEFORE INSERT ON moderation_decision "
    "WHEN EXISTS (SELECT 1 FROM moderation_decision WHERE id = NEW.id "
    "OR (comment_id = NEW.comment_id AND number = NEW.number)) "
    "BEGIN SELECT RAISE(ABORT, 'A decision is never changed; make another that follows it.'); END",
]
_SQLITE_LIFT = [
    "DROP TRIGGER IF EXISTS decision_no_update",
    "DROP TRIGGER IF EXISTS decision_no_delete",
    "DROP TRIGGER IF EXISTS decision_no_replace",
]
_POSTGRESQL = [
    "CREATE OR REPLACE FUNCTION refuse_decision_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "RAISE EXCEPTION 'A decision is never changed; make another that follows it.' "
    "USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE OR REPLACE TRIGGER decision_no_change BEFORE UPDATE OR DELETE ON moderation_decision "
    "FOR EACH ROW EXECUTE FUNCTION refuse_decision_change()",
    "CREATE OR REPLACE TRIGGER decision_no_truncate BEFORE TRUNCATE ON moderation_decision "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_decision_change()",
]
_POSTGRESQL_LIFT = [
    "DROP TRIGGER IF EXISTS decision_no_change ON moderation_decision",
    "DROP TRIGGER IF EXISTS decision_no_truncate ON moderation_decision",
]
_STANDING = {
    "postgresql": "SELECT count(*) FROM pg_trigger WHERE tgname IN ('decision_no_change', 'decision_no_truncate')",
    "sqlite": "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'moderation_decision'",
}


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
    wanted = 2 if connection.vendor == "postgresql" else 3
    with connection.cursor() as cursor:
        cursor.execute(_STANDING[connection.vendor])
        return bool(cursor.fetchone()[0] == wanted)


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
