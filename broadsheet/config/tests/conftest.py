"""The command as an operator runs it: another process, with an environment of its own."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

import broadsheet

ROOT = Path(broadsheet.__file__).parent.parent
COMMAND = [sys.executable, "-c", "from broadsheet.config.cli import main; main()"]
SECRET = "for-this-test-only-" + "kqvX7rJ2mW9bZ4tN8pL3sD6fG1hC5yA0eU"


def environment(**settings):
    """The variables of an operator who has set these and nothing else of ours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BROADSHEET_", "DJANGO_"))}
    return {**kept, "PYTHONPATH": str(ROOT), **{f"BROADSHEET_{name.upper()}": str(v) for name, v in settings.items()}}


@pytest.fixture
def run(tmp_path):
    """Runs `broadsheet ...` in an empty folder; gives its status and what it said."""

    def start(*arguments, folder=tmp_path, stdin="", **settings):
        return subprocess.run(
            [*COMMAND, *arguments], cwd=folder, env=environment(**settings), input=stdin, capture_output=True, text=True
        )

    return start


@pytest.fixture
def database_url(transactional_db, tmp_path):
    """This test's database, migrated, as another process may open it."""
    if connection.vendor == "sqlite":
        file = tmp_path / "newsroom.sqlite3"
        with sqlite3.connect(file) as copy:
            connection.ensure_connection()
            connection.connection.backup(copy)
        return f"sqlite://{quote(str(file))}"
    facts = connection.settings_dict
    password = f":{quote(facts['PASSWORD'], safe='')}" if facts["PASSWORD"] else ""
    return f"postgresql://{facts['USER']}{password}@{facts['HOST']}:{facts['PORT'] or 5432}/{facts['NAME']}"
