"""Tells the audit log, at `migrate` and at `serve`, which of the newsroom's settings are others than the last time."""

from __future__ import annotations

import logging
import os
from typing import Any

from django.db import DatabaseError, connection

from broadsheet.config import environment

log = logging.getLogger(__name__)

# Nobody reads the values of these: passwords stand in them, or they are keys.
SECRET = {"secret_key", "database_url", "cache_url", "email_url", "push_key"}
# Not the newsroom's to change but the command's: `serve --port` sets them, and each machine has its own.
PASSING = {"port", "live_port", "data_dir"}


def is_secret(name: str) -> bool:
    return name in SECRET or name.endswith(("_secret", "_password", "_token"))


def given() -> dict[str, str]:
    """The settings that have a value, in a variable or in the file, by name."""
    found = {}
    for name in (each.lower() for each in environment.READ):
        value = os.environ.get(f"BROADSHEET_{name.upper()}", environment.in_file(name))
        if value is not None and name not in PASSING:
            found[name] = str(value)
    return found


def record(**signal: Any) -> None:
    """Compare and keep; where the tables are not there yet, nothing. No fault here keeps the paper from starting."""
    from broadsheet.moderation.overview import known
    from broadsheet.moderation.overview.models import KnownSetting

    try:
        if KnownSetting._meta.db_table not in connection.introspection.table_names():
            return
        values = given()
        changed = known.compare(values, {name for name in values if is_secret(name)})
    except DatabaseError:
        log.exception("The settings could not be compared with the last ones.")
        return
    if changed:
        log.info("Settings changed since the last start: %s.", ", ".join(changed))
