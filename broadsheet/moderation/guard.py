"""The database's own guard over decisions and sanctions: it refuses to change or delete one, whoever asks and how.

SQLite loses a table's triggers when a later migration rebuilds the table, so the guard is put up after every
`migrate` and not only once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "moderation_decision"
# Each guarded table, the beginning of its triggers' names, and how SQLite knows a row that stands already. Other apps
# add theirs with `keep`.
GUARDED = {
    TABLE: (
        "decision",
        "SELECT 1 FROM moderation_decision WHERE id = NEW.id OR (comment_id = NEW.comment_id AND number = NEW.number)",
    ),
    "moderation_change": ("change", "SELECT 1 FROM moderation_change WHERE id = NEW.id"),
    "moderation_threaddecision": ("thread_decision", "SELECT 1 FROM moderation_threaddecision WHERE id = NEW.id"),
}


def keep(table: str, name: str, *unique: str) -> None:
    """Let the guard stand over another app's table too: called where that app gets ready.

    `name` begins the names of its triggers; `unique` are its columns, besides the number, of which no two rows agree.
    """
    same = " OR ".join(f"{table}.{column} = NEW.{column}" for column in ("id", *unique))
    GUARDED[table] = (name, " ".join(["SELECT 1 FROM", table, "WHERE", same]))


_SAID = "A decision is never changed; make another that follows it."
# A sanction is lifted, acknowledged, and left without its person; nothing else about it changes, and it stays.
SANCTION = "moderation_sanction"
_KEPT = "A sanction is never changed or deleted; lift it."
_FIXED = ("kind", "reason", "section_id", "by_id", "at", "until")
_CHANGED = " OR ".join(
    [
        *(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in _FIXED),
        "OLD.lifted_at IS NOT NULL AND (OLD.lifted_at IS DISTINCT FROM NEW.lifted_at"
        " OR OLD.lifted_by_id IS DISTINCT FROM NEW.lifted_by_id)",
        "NEW.reader_id IS NOT NULL AND (OLD.reader_id IS DISTINCT FROM NEW.reader_id"
        " OR OLD.told IS DISTINCT FROM NEW.told OR OLD.note IS DISTINCT FROM NEW.note)",
    ]
)
_FUNCTION = (
    "CREATE OR REPLACE FUNCTION refuse_decision_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    f"RAISE EXCEPTION '{_SAID}' USING ERRCODE = 'restrict_violation'; END $$"
)


def _up(vendor: str, table: str) -> list[str]:
    if table == SANCTION:
        return _sanctions_up(vendor)
    name, same = GUARDED[table]
    if vendor == "postgresql":
        return [
            _FUNCTION,
            f"CREATE OR REPLACE TRIGGER {name}_no_change BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_decision_change()",
            f"CREATE OR REPLACE TRIGGER {name}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_decision_change()",
        ]
    refuse = f"BEGIN SELECT RAISE(ABORT, '{_SAID}'); END"
    return [
        f"CREATE TRIGGER IF NOT EXISTS {name}_no_update BEFORE UPDATE ON {table} {refuse}",
        f"CREATE TRIGGER IF NOT EXISTS {name}_no_delete BEFORE DELETE ON {table} {refuse}",
        # INSERT OR REPLACE deletes without waking the trigger above.
        f"CREATE TRIGGER IF NOT EXISTS {name}_no_replace BEFORE INSERT ON {table} WHEN EXISTS ({same}) {refuse}",
    ]


def _sanctions_up(vendor: str) -> list[str]:
    if vendor == "postgresql":
        return [
            "CREATE OR REPLACE FUNCTION refuse_sanction_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION '{_KEPT}' USING ERRCODE = 'restrict_violation'; END $$",
            f"CREATE OR REPLACE TRIGGER sanction_no_change BEFORE UPDATE ON {SANCTION} "
            f"FOR EACH ROW WHEN ({_CHANGED}) EXECUTE FUNCTION refuse_sanction_change()",
            f"CREATE OR REPLACE TRIGGER sanction_no_delete BEFORE DELETE ON {SANCTION} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_sanction_change()",
            f"CREATE OR REPLACE TRIGGER sanction_no_truncate BEFORE TRUNCATE ON {SANCTION} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_sanction_change()",
        ]
    refuse = f"BEGIN SELECT RAISE(ABORT, '{_KEPT}'); END"
    same = "SELECT 1 FROM moderation_sanction WHERE id = NEW.id OR token = NEW.token"
    return [
        f"CREATE TRIGGER IF NOT EXISTS sanction_no_update BEFORE UPDATE ON {SANCTION} "
        f"WHEN {_distinct(_CHANGED)} {refuse}",
        f"CREATE TRIGGER IF NOT EXISTS sanction_no_delete BEFORE DELETE ON {SANCTION} {refuse}",
        f"CREATE TRIGGER IF NOT EXISTS sanction_no_replace BEFORE INSERT ON {SANCTION} WHEN EXISTS ({same}) {refuse}",
    ]


def _distinct(condition: str) -> str:
    """As every SQLite says it; `IS DISTINCT FROM` is younger than the oldest that Python comes with."""
    return condition.replace("IS DISTINCT FROM", "IS NOT")


def _down(vendor: str, table: str) -> list[str]:
    name = "sanction" if table == SANCTION else GUARDED[table][0]
    if vendor == "postgresql":
        return [
            f"DROP TRIGGER IF EXISTS {name}_{what} ON {table}" for what in ("no_change", "no_delete", "no_truncate")
        ]
    return [f"DROP TRIGGER IF EXISTS {name}_{what}" for what in ("no_update", "no_delete", "no_replace")]


_STANDING = {
    "postgresql": "SELECT count(*) FROM pg_trigger WHERE tgrelid = to_regclass(%s) AND NOT tgisinternal",
    "sqlite": "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s",
}


def _wanted(vendor: str, table: str) -> int:
    return 2 if vendor == "postgresql" and table != SANCTION else 3


def put_up(connection: BaseDatabaseWrapper) -> None:
    """Make the triggers where they are missing, on the tables that are there; does nothing where they stand."""
    for table in _there(connection):
        _run(connection, _up(connection.vendor, table))


def take_down(connection: BaseDatabaseWrapper) -> None:
    """Remove the triggers: for the way back of the migration, and for `flush`."""
    for table in _there(connection):
        _run(connection, _down(connection.vendor, table))


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
    with connection.cursor() as cursor:
        for table in (*GUARDED, SANCTION):
            cursor.execute(_STANDING[connection.vendor], [table])
            if cursor.fetchone()[0] != _wanted(connection.vendor, table):
                return False
    return True


def _there(connection: BaseDatabaseWrapper) -> list[str]:
    known = set(connection.introspection.table_names())
    return [table for table in (*GUARDED, SANCTION) if table in known]


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
