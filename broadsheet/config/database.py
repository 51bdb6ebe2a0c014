"""Reads `database_url`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from broadsheet.config.environment import ours_to_use, stop


def database(url: str) -> dict[str, Any]:
    """The database at this address, as Django's `DATABASES` describes one."""
    parts = urlsplit(url)
    if parts.fragment:
        stop("database_url has a #: write it as %23 where it belongs to a name or a password.")
    if parts.scheme == "sqlite":
        return _sqlite(parts)
    if parts.scheme in {"postgresql", "postgres"}:
        return _postgresql(parts)
    stop("database_url must begin with sqlite:/// or postgresql://, for instance postgresql://user:password@host/name.")


def _sqlite(parts: SplitResult) -> dict[str, Any]:
    if parts.query:
        stop("database_url has a ?, and SQLite takes no options: write %3F where it belongs to the file's name.")
    name = unquote(parts.path[1:]) if parts.path.startswith("//") else unquote(parts.path)
    for file in (Path(f"{name}{end}") for end in ("", "-wal", "-shm", "-next", "-turn")):
        if file.exists() and not os.access(file, os.R_OK | os.W_OK):
            stop(f"The database's file {file} cannot be used: {ours_to_use(file)}.")
    return {
        "ENGINE": "broadsheet.core.sqlite",
        "NAME": name,
        "CONN_MAX_AGE": 600,  # opening and its pragmas cost a third of a millisecond; a thread keeps its connection
        # Tests run in memory; pytest-xdist writes its worker's name behind this, where SQLite reads over it.
        "TEST": {"NAME": "file:memorydb?mode=memory&cache=shared&worker="},
        # FULL: an acknowledged comment survives a power cut. IMMEDIATE: a writer queues instead of failing.
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA mmap_size=134217728;",
        },
    }


def _postgresql(parts: SplitResult) -> dict[str, Any]:
    try:
        port = parts.port
    except ValueError:
        stop("database_url has a port that is no number: postgresql://user:password@host:5432/name.")
    from psycopg.pq import Conninfo  # only where there is a PostgreSQL

    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if unknown := options.keys() - {option.keyword.decode() for option in Conninfo.get_defaults()}:
        stop(f"database_url has {min(unknown)!r} after the ?, which PostgreSQL does not know: see its libpq, 34.1.2.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": port or "",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5, **options},  # seconds; kept pages are served meanwhile
    }
