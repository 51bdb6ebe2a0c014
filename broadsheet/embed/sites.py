"""The sites whose pages may hold our discussions: the setting `embed_sites`, by origin and letter by letter."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings

_PORTS = {"http": 80, "https": 443}


def origin_of(url: str) -> str | None:
    """https://news.example of https://News.example:443/bridge/, as browsers write it; None for what has none."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not parts.hostname:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{port}" if port not in (None, _PORTS[parts.scheme]) else "")


def is_allowed(url: str) -> bool:
    """Whether the page at this address stands on a site that may hold our discussions."""
    return origin_of(url) in settings.EMBED_SITES


def ancestors() -> str:
    """Who may frame our frames, as a Content-Security-Policy names them."""
    return " ".join(settings.EMBED_SITES) or "'none'"
