"""A migrated database, kept and copied: to run every migration takes half a minute, and each process of a run did it.

It also takes the place of Django's `flush` after tests that commit: emptying 130 tables of PostgreSQL and making the
groups and permissions anew took seconds each, and left out what migrations had put in.

Kept under a name made of all that makes it: the migrations, the modules they import, what listens to `post_migrate`,
and the versions of the packages. So whoever changes one of those migrates anew, and a fresh clone does.
"""

from __future__ import annotations

import ast
import fcntl
import hashlib
import os
import sqlite3
import tempfile
import threading
import time
from contextlib import closing
from functools import cache
from pathlib import Path

from django.db import connection, transaction
from django.db.backends.signals import connection_created
from psycopg import sql

ROOT = Path(__file__).parent.parent
KEPT = 4  # on a server of PostgreSQL, where several checkouts may use one
PREFIX = "broadsheet_migrated_"


@cache
def key():
    """Names the state that the migrations lead to."""
    package = ROOT / "broadsheet"
    migrations = sorted(package.rglob("migrations/*.py"))
    named = {name for path in migrations for name in _imports(path)}
    others = [path for path in package.rglob("*.py") if _module(path) in named or "post_migrate" in path.read_text()]
    found = hashlib.sha256()
    for path in [*migrations, *sorted(others), ROOT / "requirements/check.txt"]:
        found.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return found.hexdigest()[:16]


def _imports(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _module(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


class Migrated:
    """The database kept from an earlier run or process, for this one to begin with."""

    def __init__(self):
        self.file = ROOT / ".pytest_cache" / f"migrated-{key()}.{connection.vendor}"  # of PostgreSQL there is none
        self.file.parent.mkdir(exist_ok=True)
        self._lock = (Path(tempfile.gettempdir()) / f"{PREFIX}{key()}-{os.getuid()}.lock").open("a")

    def offer(self):
        """Let Django begin with the copy; where there is none, hold off the other processes until it is kept."""
        self._name = connection.creation._get_test_db_name()  # made of the name that connections have until then
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        if self._is_kept():
            fcntl.flock(self._lock, fcntl.LOCK_UN)
            if connection.vendor == "postgresql":
                connection.settings_dict["TEST"]["TEMPLATE"] = PREFIX + key()
            else:
                connection_created.connect(self._fill)

    def keep(self):
        """Keep the database that the migrations have just made, where none is kept."""
        if self._is_made() and not self._is_kept():
            if connection.vendor == "postgresql":
                self._keep_template()
            else:
                self._keep_file()
        self.close()

    def close(self):
        """Let the others go on."""
        self._lock.close()

    def remember(self):
        """Know what to go back to after a test that commits."""
        self._rows = _rows() if self._is_made() and connection.vendor == "postgresql" else {}

    def go_back(self):
        """Make it the database as no test has touched it."""
        from django.contrib.contenttypes.models import ContentType

        ContentType.objects.clear_cache()
        if connection.vendor == "sqlite":
            with closing(sqlite3.connect(self.file)) as kept:
                _copy(kept, connection.connection)
        else:
            _put_back(self._rows)

    def _is_made(self):
        """Whether this run has a database of its own: one of nothing but browser journeys has none."""
        return connection.settings_dict["NAME"] == self._name

    def _is_kept(self):
        return PREFIX + key() in _templates() if connection.vendor == "postgresql" else self.file.exists()

    def _fill(self, sender, connection, **kwargs):
        if connection.is_in_memory_db():
            connection_created.disconnect(self._fill)
            with closing(sqlite3.connect(self.file)) as kept:
                kept.backup(connection.connection)

    def _keep_file(self):
        for old in self.file.parent.glob("migrated-*.sqlite"):
            old.unlink()
        half = self.file.with_suffix(".half")
        with closing(sqlite3.connect(half)) as copy:
            connection.ensure_connection()
            connection.connection.backup(copy)
        half.replace(self.file)

    def _keep_template(self):
        made = connection.settings_dict["NAME"]
        connection.close()
        with connection._nodb_cursor() as cursor:
            for old in _templates()[: -KEPT + 1 or None]:
                cursor.execute(f'DROP DATABASE IF EXISTS "{old}"')
            cursor.execute(f'CREATE DATABASE "{PREFIX}{key()}" TEMPLATE "{made}"')


def _copy(kept, made):
    """Copy it once nobody is at it: a browser's last word may reach the live server after its page is shut."""
    deadline = time.monotonic() + 20
    while True:
        try:
            return kept.backup(made)
        except sqlite3.OperationalError as fault:
            if "locked" not in str(fault) or time.monotonic() > deadline:
                raise
            threading.Event().wait(0.02)


def _rows():
    """What stands in each table of PostgreSQL that is not empty, as COPY writes it."""
    found = {}
    with connection.cursor() as cursor:
        for table in _filled(cursor):
            with cursor.copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as copy:
                found[table] = b"".join(copy)
    return found


def _filled(cursor):
    tables = connection.introspection.table_names(cursor)
    asked = [sql.SQL("(SELECT {} FROM {} LIMIT 1)").format(table, sql.Identifier(table)) for table in tables]
    cursor.execute(sql.SQL(" UNION ALL ").join(asked))
    return [name for (name,) in cursor.fetchall()]


def _put_back(rows):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # no guard and no foreign key objects
        for table in _filled(cursor):
            cursor.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        for table, kept in rows.items():
            with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))) as copy:
                copy.write(kept)


def _templates():
    """The databases kept on this server, the oldest first."""
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY oid", [PREFIX])
        return [name for (name,) in cursor.fetchall()]
