"""What a client can take and what it already has: Accept-Encoding and If-None-Match (RFC 9110, 12.5.3 and 13.1.2)."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=256)
def accepts_gzip(header: str) -> bool:
    """True when an Accept-Encoding header takes gzip, by name or by `*`, with a weight above nought."""
    weights = {}
    for part in header.lower().split(","):
        name, _, weight = part.partition(";")
        weights[name.strip()] = _weight(weight)
    return weights.get("gzip", weights.get("x-gzip", weights.get("*", 0.0))) > 0


def _weight(parameter: str) -> float:
    name, _, value = parameter.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


def has_it(header: str, etag: str) -> bool:
    """True when an If-None-Match header names this strong tag, compared weakly as the RFC asks; `*` names any."""
    if header == etag:
        return True
    return any(part.strip().removeprefix("W/") in {etag, "*"} for part in header.split(","))
