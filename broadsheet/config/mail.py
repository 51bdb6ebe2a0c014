"""Reads `email_url`."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from broadsheet.config.environment import stop


class MailServer(NamedTuple):
    """Where mail is handed over, and how."""

    host: str
    port: int
    user: str
    password: str
    use_ssl: bool  # from the first byte on
    use_tls: bool  # by STARTTLS


def mail_server(url: str) -> MailServer:
    """The server at this address; without one, what Django assumes of a server that it is not told of."""
    parts = urlsplit(url)
    if url and parts.scheme not in {"smtp", "smtps"}:
        stop("email_url must begin with smtp:// (port 587, STARTTLS) or smtps:// (port 465), or be empty.")
    try:
        port = parts.port
    except ValueError:
        stop("email_url has a port that is no number: smtp://user:password@host:587.")
    ssl = parts.scheme == "smtps"
    return MailServer(
        parts.hostname or "localhost",
        port or (465 if ssl else 587),
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        ssl,
        not ssl and bool(parts.username),
    )
