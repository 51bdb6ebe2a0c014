"""The edge: answers kept pages and pictures before Django is entered (docs/decisions/0006).

A bare WSGI callable round Django's. A page that is not kept, or no longer holds, is asked of Django by one thread at a
time; `middleware.KeepReadyPages` hands the finished answer back through the request's `Slot`.
"""

from __future__ import annotations

import io
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol, runtime_checkable

from broadsheet.delivery.keys import page_key
from broadsheet.delivery.pictures import Pictures
from broadsheet.delivery.ready import Environ, ReadyPage, StartResponse
from broadsheet.delivery.store import ReadyPages


@runtime_checkable
class Closing(Protocol):
    """An answer that wants to be closed (PEP 3333)."""

    def close(self) -> None: ...


Wsgi = Callable[[Environ, Any], Iterable[bytes]]

SLOT = "broadsheet.slot"  # the name in the WSGI environment under which the middleware finds the slot
PATIENCE = 5.0  # seconds to wait for another thread's rendering before doing it oneself
MOST_PERSONAL = 10_000  # addresses remembered as nobody's to keep


class Slot:
    """Where the middleware leaves a finished public answer for the edge."""

    page: ReadyPage | None = None
    may_keep = False


class Flight:
    """One rendering under way; others who want the same page wait for it."""

    def __init__(self) -> None:
        self.landed = threading.Event()


class Edge:
    """Answers kept pages, the pictures under `pictures`, and what `aside` names by path; the rest is Django's."""

    def __init__(
        self,
        django: Wsgi,
        *,
        pages: ReadyPages,
        pictures: Pictures | None = None,
        aside: Mapping[str, Wsgi] | None = None,
    ) -> None:
        self._django = django
        self._pages = pages
        self._pictures = pictures
        self._aside = aside or {}
        self._flights: dict[str, Flight] = {}
        self._personal: dict[str, None] = {}
        self._lock = threading.Lock()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        if method != "GET" and method != "HEAD":
            return self._django(environ, start_response)
        path = environ["PATH_INFO"]
        key = page_key(path, environ["QUERY_STRING"])
        if key is not None and (page := self._pages.get(key)) is not None:
            return page.answer(environ, start_response)
        if (other := self._aside.get(path)) is not None:
            return other(environ, start_response)
        if self._pictures is not None and (picture := self._pictures.find(path)) is not None:
            return picture.answer(environ, start_response)
        if key is None or method == "HEAD" or key in self._personal:
            return self._ask(environ, start_response, key)
        return self._ask_once(environ, start_response, key)

    def render(self, key: str, host: str) -> None:
        """Make the page under this key anew and keep it; `host` is a name Django answers to."""
        path, _, query = key.partition("?")
        environ = {
            "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "SCRIPT_NAME": "", "HTTP_HOST": host,
            "SERVER_NAME": host, "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr, "wsgi.multithread": True,
            "wsgi.multiprocess": False, "wsgi.run_once": False,
        }  # fmt: skip
        answer = self._ask(environ, lambda *head: None, key)
        if isinstance(answer, Closing):
            answer.close()

    def _ask_once(self, environ: Environ, start_response: StartResponse, key: str) -> Iterable[bytes]:
        """Ask Django unless another thread is asking for the same page; then take what it got, if that still holds."""
        for _ in range(3):
            with self._lock:
                flight = self._flights.get(key)
                if leads := flight is None:
                    flight = self._flights[key] = Flight()
            if leads:
                try:
                    return self._ask(environ, start_response, key)
                finally:
                    with self._lock:
                        del self._flights[key]
                    flight.landed.set()
            flight.landed.wait(PATIENCE)
            if (page := self._pages.get(key)) is not None:
                return page.answer(environ, start_response)
            if key in self._personal:
                break
        return self._ask(environ, start_response, key)

    def _ask(self, environ: Environ, start_response: StartResponse, key: str | None) -> Iterable[bytes]:
        """Django's answer; a public one is sent from its finished form, and kept where it may be."""
        environ[SLOT] = slot = Slot()
        held: list[Any] = []
        answer = self._django(environ, lambda *head: held.append(head))
        if slot.page is None:
            self._remember_personal(key)
            start_response(*held[0])
            return answer
        if isinstance(answer, Closing):
            answer.close()  # Django ends its request here
        if key is not None and slot.may_keep and environ["REQUEST_METHOD"] == "GET":
            self._personal.pop(key, None)
            self._pages.put(key, slot.page)
        else:
            self._remember_personal(key)
        return slot.page.answer(environ, start_response)

    def _remember_personal(self, key: str | None) -> None:
        """Nobody need wait for an answer that is not for everyone."""
        if key is not None:
            if len(self._personal) >= MOST_PERSONAL:
                self._personal.clear()
            self._personal[key] = None
