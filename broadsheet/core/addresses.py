"""The network address a request came from: one function, for every limit that counts addresses."""

from __future__ import annotations

import ipaddress

from django.conf import settings


def reader_address(facts: dict[str, str]) -> str:
    """The address a request came from, out of its WSGI environment (`request.META`); empty when there is none.

    Behind proxies it is the one that the outermost trusted proxy saw; what a reader writes into the header
    themselves stands further left and is not believed. An IPv6 household has a /64, so that is what counts.
    """
    seen = facts.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        chain = [part.strip() for part in facts.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
        if chain:
            seen = chain[-min(settings.TRUSTED_PROXIES, len(chain))]
    return _household(seen)


def shortened(address: str) -> str:
    """An address that names a neighbourhood and no household: an IPv4 address's /24, an IPv6 address's /48."""
    length = 24 if ipaddress.ip_address(address).version == 4 else 48
    return str(ipaddress.ip_network((address, length), strict=False).network_address)


def _household(written: str) -> str:
    address = _parsed(written)
    if address is None:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((int(address) >> 64 << 64, 64)))
    return str(address)


def _parsed(written: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Some servers and proxies add a port: 192.0.2.7:4711, [2001:db8::1]:4711."""
    host = written.partition("]")[0].lstrip("[") if written.startswith("[") else written
    if host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
