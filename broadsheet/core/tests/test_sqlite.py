"""Writers of one process take turns at SQLite."""

from __future__ import annotations

import fcntl
import os
import stat
import subprocess
import sys
import threading
from copy import deepcopy

import pytest
from django.db import connections
from django.db.utils import OperationalError

from broadsheet.core.sqlite.base import DatabaseWrapper
from broadsheet.core.sqlite.turns import Turns

pytestmark = pytest.mark.django_db
PATIENCE = 10.0


@pytest.fixture
def connect(tmp_path):
    """Makes connections to one database file, each for one thread."""
    made = []

    def one(timeout=PATIENCE):
        facts = deepcopy(connections.databases["default"])
        facts |= {"ENGINE": "broadsheet.core.sqlite", "NAME": tmp_path / "some.sqlite3"}
        facts["OPTIONS"] = {"timeout": timeout, "transaction_mode": "IMMEDIATE"}
        made.append(DatabaseWrapper(facts, f"alias{len(made)}"))
        made[-1].inc_thread_sharing()
        return made[-1]

    yield one
    for connection in made:
        connection.close()


def test_nobody_else_on_the_machine_reads_the_database(connect, tmp_path):
    def rights():
        return {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.glob("some.sqlite3*")}

    connection = connect()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("CREATE TABLE words (word text)")
        assert rights().keys() >= {"some.sqlite3", "some.sqlite3-wal", "some.sqlite3-shm"}
        assert set(rights().values()) == {0o600}
    for file in tmp_path.iterdir():
        file.chmod(0o644)  # as it was made before
    with connect().cursor():
        assert rights().keys() >= {"some.sqlite3", "some.sqlite3-wal", "some.sqlite3-shm"}
        assert {rights()[f"some.sqlite3{end}"] for end in ("", "-wal", "-shm")} == {0o600}


def test_the_database_stays_readable_to_a_group_of_the_owners_choice(connect, tmp_path):
    (tmp_path / "some.sqlite3").touch()
    (tmp_path / "some.sqlite3").chmod(0o640)
    with connect().cursor():
        assert stat.S_IMODE((tmp_path / "some.sqlite3").stat().st_mode) == 0o640


def test_a_further_connection_takes_no_locks_away(connect, tmp_path):
    first, second = connect(), connect()
    with first.cursor() as cursor:
        cursor.execute("CREATE TABLE words (word text)")
        cursor.execute("BEGIN IMMEDIATE")
        second.ensure_connection()
        write = (
            f"import sqlite3; sqlite3.connect({str(tmp_path / 'some.sqlite3')!r}, timeout=0).execute('BEGIN IMMEDIATE')"
        )
        other = subprocess.run([sys.executable, "-c", write], capture_output=True, text=True, check=False)
        assert "database is locked" in other.stderr
        cursor.execute("ROLLBACK")


def begin(connection):
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


class Second:
    """A writer in a thread of its own that begins at once; `asked` is set when SQLite hears of it."""

    def __init__(self, connection):
        self.asked, self.began = threading.Event(), threading.Event()
        self._connection = connection
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self):
        def hear(execute, sql, *given):
            self.asked.set()
            return execute(sql, *given)

        self._connection.ensure_connection()
        with self._connection.execute_wrapper(hear):
            begin(self._connection)
        self.began.set()
        self._connection.rollback()
        self._connection.set_autocommit(True)

    def end(self):
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()


@pytest.mark.parametrize("end", ["commit", "rollback", "close"])
def test_the_next_writer_asks_sqlite_when_the_one_before_has_ended(connect, end):
    first = connect()
    begin(first)
    second = Second(connect())
    assert not second.asked.wait(0.1)
    getattr(first, end)()
    assert second.began.wait(PATIENCE)
    second.end()


def test_whoever_cannot_begin_keeps_nobody_waiting(connect):
    stranger, first = connect(), connect(timeout=0)
    stranger.ensure_connection()
    stranger.connection.execute("BEGIN IMMEDIATE")  # as another process would: it knows nothing of turns
    with pytest.raises(OperationalError):
        begin(first)
    stranger.connection.rollback()
    second = Second(connect())
    assert second.began.wait(PATIENCE)
    second.end()


def test_two_busy_processes_go_in_turns(tmp_path):
    """Each `Turns` has files of its own, as each process has."""
    file = tmp_path / "some.sqlite3"
    ours, theirs, order = Turns(file), Turns(file), []
    assert ours.take(PATIENCE)

    def other():
        assert theirs.take(PATIENCE)
        order.append("theirs")
        theirs.pass_on()

    thread = threading.Thread(target=other)
    thread.start()
    probe = os.open(f"{file}-next", os.O_RDWR)
    with pytest.raises(BlockingIOError):  # until they wait
        while True:
            fcntl.flock(probe, fcntl.LOCK_EX | fcntl.LOCK_NB)
            fcntl.flock(probe, fcntl.LOCK_UN)
    os.close(probe)
    ours.pass_on()
    assert ours.take(PATIENCE)  # at once, as the next thread of a busy process does
    order.append("ours")
    ours.pass_on()
    thread.join(PATIENCE)
    assert order == ["theirs", "ours"]


def test_who_waits_in_vain_for_another_process_leaves_nothing_locked(tmp_path):
    ours, theirs = Turns(tmp_path / "some.sqlite3"), Turns(tmp_path / "some.sqlite3")
    assert ours.take(PATIENCE)
    assert not theirs.take(0.01)
    ours.pass_on()
    assert theirs.take(PATIENCE)
    theirs.pass_on()
    assert ours.take(PATIENCE)
    ours.pass_on()
