"""Servers and addresses of mail, compared label by label: "example.org" is not the end of "badexample.org"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape
from ipaddress import ip_address
from urllib.parse import urlsplit

_LINK = re.compile(r'<a href="([^"]*)"')
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
# Providers that take dots in the part before the @ for nothing.
_DOTS_ARE_NOTHING = {"gmail.com", "googlemail.com"}


def links_in(html: str) -> list[str]:
    """The addresses a comment's cleaned HTML links to, in order."""
    return [unescape(found) for found in _LINK.findall(html)]


def host_of(address: str) -> str:
    """The server of an address, in the letters that name servers have; empty where it has none (mailto: has)."""
    try:
        parts = urlsplit(address)
        if parts.scheme == "mailto":
            return host_name(parts.path.rpartition("@")[2].partition("?")[0])
        return host_name(parts.hostname or "")
    except ValueError:
        return ""


def host_name(name: str) -> str:
    """A server's name as name servers have it (xn--…), without a final dot; empty where it is none."""
    name = name.strip().rstrip(".").lower()
    try:
        return str(ip_address(name.strip("[]")))
    except ValueError:
        pass
    try:
        name = name.encode("idna").decode() if name else ""
    except UnicodeError:
        return ""
    return name if len(name) <= 253 and all(_LABEL.fullmatch(label) for label in name.split(".")) else ""


class Names:
    """Names of servers: one is in here when it is listed, or lies below one that is."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(names)

    def entry_for(self, host: str) -> str:
        """The entry that names this server; empty where none does."""
        while host:
            if host in self._names:
                return host
            host = host.partition(".")[2]
        return ""


class Mail:
    """Domains and whole addresses of mail."""

    def __init__(self, entries: Iterable[str]) -> None:
        listed = list(entries)
        self._domains = Names(entry for entry in listed if "@" not in entry)
        self._addresses = frozenset(entry for entry in listed if "@" in entry)

    def entry_for(self, address: str) -> str:
        """The entry that names this address, as it is or without its alias; empty where none does.

        Nothing is compared by how it begins: "bob" is neither "bobby" nor, unless listed so, anybody else.
        """
        address = whole_address(address)
        for written in (address, without_alias(address)):
            if written in self._addresses:
                return written
        return self._domains.entry_for(address.rpartition("@")[2])


def whole_address(address: str) -> str:
    """An address of mail in small letters, its domain as name servers have it."""
    local, _, domain = address.strip().lower().rpartition("@")
    return f"{local}@{host_name(domain)}" if local else ""


def without_alias(address: str) -> str:
    """The address that an alias of it leads to: bob+news@ is bob@, and dots are nothing where the provider says so."""
    local, _, domain = whole_address(address).rpartition("@")
    local = local.partition("+")[0] or local
    return f"{local.replace('.', '') if domain in _DOTS_ARE_NOTHING else local}@{domain}"


def has_alias(address: str) -> bool:
    """Whether a "+" stands in the part before the @."""
    return "+" in address.rpartition("@")[0][1:]


def why_not_host(entry: str) -> str:
    """Why a line is no server: "server", or ""."""
    name = host_in(entry)
    return "" if "." in name or ":" in name else "server"


def host_in(entry: str) -> str:
    """The server in a line, which may be a whole address."""
    return host_of(entry) if "://" in entry else host_name(entry.partition("/")[0])


def why_not_mail(entry: str) -> str:
    """Why a line is neither a domain nor an address of mail: "mail", or ""."""
    local, _, domain = entry.rpartition("@")
    if "@" in entry.strip("@") and (not local or any(map(str.isspace, local))):
        return "mail"
    return "" if "." in host_name(domain) else "mail"


def mail_in(entry: str) -> str:
    """The domain or the whole address in a line, as it is compared; the dots of some providers are left out."""
    entry = entry.strip()
    if not entry.strip("@").count("@"):
        return host_name(entry.strip("@"))
    return whole_address(entry) if has_alias(entry) else without_alias(entry)
