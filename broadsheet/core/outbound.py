"""The one way out: every call that Broadsheet makes to another server passes here (an import contract says so).

An address may come from a reader (a browser's push service) or from a setting. Either could point into the newsroom's
own network, so what counts is not the name but the number the name has in the moment we connect, at every hop.
"""

from __future__ import annotations

import ipaddress
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urljoin

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError
from urllib3.poolmanager import PoolManager
from urllib3.util import Url, parse_url

PORTS = {"http": 80, "https": 443}
WITHIN = 5.0  # seconds for one hop, from the name to the last byte ...
LONGEST = 60.0  # ... and for who asks for more, beside the pages: a model on a slow machine takes its time
MOST_BYTES = 1024 * 1024
MOST_HOPS = 3
REDIRECTS = {301, 302, 303, 307, 308}

_V4_CLOSED = [
    ipaddress.ip_network(net)
    for net in ("192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "100.64.0.0/10", "224.0.0.0/3")
]
_V6_OPEN = ipaddress.ip_network("2000::/3")  # the only part of IPv6 that is given out to the public
_V6_CLOSED = [  # Teredo and other protocols, documentation, 6to4 with an IPv4 address inside
    ipaddress.ip_network(net) for net in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
]


class Unreachable(Exception):
    """The call was not made, or brought no answer; the message says why, and holds nothing of the answer."""


@dataclass(frozen=True)
class Answer:
    """What another server said."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


def fetch(
    url: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    follow: bool = False,
    within: float | None = None,
    may_follow: Callable[[str], bool] = lambda _onward: True,
) -> Answer:
    """Ask another server. With `follow` a GET is sent on, at most three times, and never from https to http; an answer
    that leads where `may_follow` does not let it is given back as it is.

    Raises Unreachable for an address we do not call, for no answer within five seconds (or `within`), and for more than
    a megabyte.
    """
    for _ in range(1 + (MOST_HOPS if follow and method == "GET" else 0)):
        answer = _one_hop(_checked(url), method, headers or {}, body, min(within or WITHIN, LONGEST))
        onward = answer.headers.get("Location")
        if not follow or answer.status not in REDIRECTS or not onward:
            return answer
        before, url = url, urljoin(url, onward)
        if not may_follow(url):
            return answer
        if before.startswith("https:") and not url.startswith("https:"):
            raise Unreachable("It sends us on without encryption.")
        if parse_url(before).host != parse_url(url).host:
            headers = {}  # they were meant for the server we asked
    raise Unreachable("It sends us on and on.")


def may_call(url: str) -> None:
    """Raises Unreachable for an address that is not called whatever its number is; for forms that take one."""
    _checked(url)


def _checked(url: str) -> Url:
    """The parts of an address that we may call as far as one can tell without asking for its number."""
    if any(ord(letter) <= 32 or ord(letter) == 127 for letter in url) or "\\" in url:
        raise Unreachable("The address has characters that no address has.")
    try:
        parts = parse_url(url)
    except HTTPError as fault:
        raise Unreachable("This is no address.") from fault
    if parts.scheme not in PORTS or not parts.host:
        raise Unreachable("Only https:// and http:// addresses are called.")
    if parts.auth is not None:
        raise Unreachable("An address with a user name in it is not called.")
    port = parts.port or PORTS[parts.scheme]
    if port != PORTS[parts.scheme] and not _is_ours(parts.host, port):
        raise Unreachable("Only the usual ports, 80 and 443, are called.")
    if settings.OUTBOUND_HOSTS and not _is_listed(parts.host) and not _is_ours(parts.host, port):
        raise Unreachable("The setting outbound_hosts does not name this server.")
    return parts


def _is_listed(host: str) -> bool:
    """True for a host of the setting, and for one below an entry that begins with a dot."""
    name = host.lower().rstrip(".")
    return any(name == allowed or (allowed[0] == "." and name.endswith(allowed)) for allowed in settings.OUTBOUND_HOSTS)


def _is_ours(host: str, port: int) -> bool:
    """True for a server inside the newsroom that a setting names, with its port."""
    return f"{host.lower()}:{port}" in settings.OUTBOUND_INSIDE


def is_public(address: str) -> bool:
    """True for a number on the public internet, and for no other: the rule that every connection passes."""
    try:
        number = ipaddress.ip_address(address)
    except ValueError:
        return False  # with a zone ("fe80::1%eth0") too
    if isinstance(number, ipaddress.IPv4Address):
        return number.is_global and not any(number in net for net in _V4_CLOSED)
    return number in _V6_OPEN and number.is_global and not any(number in net for net in _V6_CLOSED)


class _Deadline:
    """Ends a call when its time is over: a server that sends a byte now and then would satisfy any time-out."""

    def __init__(self, within: float) -> None:
        self.ends_at = time.monotonic() + within
        self._sockets: list[socket.socket] = []
        self._timer = threading.Timer(within, self._cut)
        self._timer.daemon = True
        self._timer.start()

    def check(self) -> float:
        """The seconds left; raises Unreachable when there are none."""
        if (left := self.ends_at - time.monotonic()) <= 0:
            raise Unreachable("It took longer than we wait.")
        return left

    def watch(self, connected: socket.socket) -> None:
        """Cut this connection at the end. We keep a second handle, as TLS takes the first one away."""
        self._sockets.append(socket.socket(fileno=os.dup(connected.fileno())))

    def close(self) -> None:
        self._timer.cancel()
        for handle in self._sockets:
            handle.close()

    def _cut(self) -> None:
        for handle in self._sockets:
            try:
                handle.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue


_local = threading.local()


@contextmanager
def _deadline(within: float) -> Iterator[_Deadline]:
    _local.deadline = deadline = _Deadline(within)
    try:
        yield deadline
    finally:
        deadline.close()
        del _local.deadline


def _numbers(host: str, port: int, within: float) -> list[Any]:
    """What the resolver says, if it says so in time: it knows no time-out of its own."""
    found: list[Any] = []

    def ask() -> None:
        try:
            found.extend(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError):
            return

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(within)
    return list(found)


def _connect(host: str, port: int) -> socket.socket:
    """A connection to a number that we have just looked at: not the name is called but the number itself."""
    deadline: _Deadline = _local.deadline
    ours = _is_ours(host, port)
    numbers = _numbers(host, port, deadline.check())
    if not numbers:
        raise Unreachable("There is no server of that name.")
    if not ours and not all(is_public(address[0]) for *_, address in numbers):
        raise Unreachable("That address is not on the public internet.")
    for family, kind, protocol, _name, address in numbers:
        connecting = socket.socket(family, kind, protocol)
        try:
            connecting.settimeout(deadline.check())
            connecting.connect(address)
        except OSError:
            connecting.close()
            continue
        deadline.watch(connecting)
        return connecting
    raise Unreachable("It does not answer.")


class _Checked(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _connect(self.host, self.port)


class _CheckedWithTls(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _connect(self.host, self.port)


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Checked


class _PoolWithTls(HTTPSConnectionPool):
    ConnectionCls = _CheckedWithTls


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        self.poolmanager = PoolManager(num_pools=1)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _PoolWithTls}


def _session() -> requests.Session:
    """One hop's: no proxy and no password from the environment, no cookie taken or sent, no second try."""
    session = requests.Session()
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.adapters.clear()
    session.mount("https://", _Adapter(max_retries=0))
    session.mount("http://", _Adapter(max_retries=0))
    session.headers = requests.structures.CaseInsensitiveDict(
        {"User-Agent": f"Broadsheet ({settings.SITE_URL})", "Accept-Encoding": "identity", "Accept": "*/*"}
    )
    return session


def _one_hop(parts: Url, method: str, headers: Mapping[str, str], body: bytes | None, within: float) -> Answer:
    with _deadline(within) as deadline, _session() as session:
        try:
            answer = session.request(
                method,
                parts.url,
                headers=dict(headers),
                data=body,
                timeout=within,
                allow_redirects=False,
                stream=True,
            )
            with answer:
                return Answer(answer.status_code, answer.headers, _read(answer, deadline), parts.url)
        except (requests.RequestException, HTTPError, OSError, ValueError) as fault:
            if isinstance(fault, requests.exceptions.SSLError):
                raise Unreachable("Its certificate is not valid.") from fault
            raise Unreachable("It does not answer.") from fault


def _read(answer: requests.Response, deadline: _Deadline) -> bytes:
    """The body, as sent: what is packed is refused, since a little can be packed to be very much."""
    if answer.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Unreachable("It sends what we did not ask for.")
    body = b""
    while part := answer.raw.read(16384, decode_content=False):
        body += part
        if len(body) > MOST_BYTES:
            raise Unreachable("It sends more than a megabyte.")
    deadline.check()  # cut by us: what was read may be half of it
    return body
