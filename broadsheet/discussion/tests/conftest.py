"""Rows in bulk and databases that several threads can open."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections


@pytest.fixture
def parallel(transactional_db, tmp_path):
    """Runs functions at the same moment, each in a thread with a connection of its own; returns what each gave.

    The test database of SQLite is in memory, where threads get in each other's way as they would in no newsroom;
    it is copied to a file for them.
    """
    memory = None
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        memory, name = connection.connection, connection.settings_dict["NAME"]
        with sqlite3.connect(tmp_path / "parallel.sqlite3") as file:
            memory.backup(file)
        file.close()
        connection.connection = None
        connection.settings_dict["NAME"] = str(tmp_path / "parallel.sqlite3")

    def run(*functions):
        barrier = Barrier(len(functions))

        def one(function):
            try:
                barrier.wait()
                return function()
            except Exception as fault:
                return fault
            finally:
                connections.close_all()

        with ThreadPoolExecutor(len(functions)) as pool:
            return list(pool.map(one, functions))

    yield run
    if memory is not None:
        connection.close()
        connection.settings_dict["NAME"] = name
        connection.connection = memory
