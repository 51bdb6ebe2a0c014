"""The database outside a request, where Django does not look after its connections."""

from __future__ import annotations

from django.db import connection


def renew_connection() -> None:
    """Let this thread's next query find a live connection: one that is dead or past its age is dropped first."""
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()
