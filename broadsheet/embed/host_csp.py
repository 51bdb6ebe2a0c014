"""Whether the Content-Security-Policy of another site's page lets our discussion in."""

from __future__ import annotations

from urllib.parse import urlsplit

_STAND_IN = {"script-src-elem": "script-src", "frame-src": "child-src", "script-src": "default-src"}
_STAND_IN |= {"child-src": "default-src", "connect-src": "default-src"}


def forbids(policy: str, directive: str, url: str) -> bool:
    """Whether a policy forbids what a directive governs from this address; an empty policy forbids nothing.

    A script with the page's nonce is let in by that nonce: then it cannot be said from outside that it is forbidden.
    """
    rules = {name: sources for name, *sources in (part.split() for part in policy.lower().split(";") if part.strip())}
    name: str | None = directive
    while name and name not in rules:
        name = _STAND_IN.get(name)
    if name is None:
        return False
    sources = rules[name]
    if name.startswith("script") and any(source.startswith("'nonce-") for source in sources):
        return False
    return not any(_matches(source, url) for source in sources)


def _matches(source: str, url: str) -> bool:
    asked = urlsplit(url)
    if source in {"*", f"{asked.scheme}:"}:
        return True
    there = urlsplit(source if "//" in source else f"//{source}")
    host, own = there.hostname or "", asked.hostname or ""
    same_host = own.endswith(host[1:]) if host.startswith("*.") else own == host
    same_scheme = not there.scheme or there.scheme == asked.scheme or (there.scheme, asked.scheme) == ("http", "https")
    here = asked.netloc.rpartition(":")[2] if ":" in asked.netloc else ""
    wanted = there.netloc.rpartition(":")[2] if ":" in there.netloc else ""
    inside = there.path in {"", "/"} or asked.path.startswith(there.path)
    return same_host and same_scheme and (wanted == "*" or wanted == here) and inside
