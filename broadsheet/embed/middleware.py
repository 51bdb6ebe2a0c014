"""What frames on other sites have of their own: who may hold them, their cookies, where their links lead."""

from __future__ import annotations

import time
from collections.abc import Callable
from http.cookies import Morsel
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from broadsheet.core.framing import IN_POP_UP, POP_UP, in_frame
from broadsheet.embed.links import settle
from broadsheet.embed.sites import ancestors

POLICY = "Content-Security-Policy"
OPENER = "Cross-Origin-Opener-Policy"
HOST = "__Host-"
OWN = "frame-"  # begins the names of our cookies in frames
ACCOUNTS = "/accounts/"
# A publisher's page posts there, and browsers send no cookie with that: it cannot be known in which window it stands.
FROM_PUBLISHER = "/accounts/publisher/return/"
QUOTE = "/quote/"  # ends the address of a frame with one comment, which has no room for another page


class Frames:
    """Framed pages are those under /embed/: by their address alone, so that no view has to think of it.

    Inside of Django's own, a frame's cookies bear the names they have on our site; a frame is never given those of our
    site, nor our site those of a frame.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not in_frame(request.path):
            response = self.get_response(request)
            if _stands_in_pop_up(request):
                response[OPENER] = "unsafe-none"
            return response
        vars(request)["COOKIES"] = _ours(request.COOKIES)  # Django makes its own when first asked
        response = self.get_response(request)
        _give_cookies(response)
        settle(response, keeps=not request.path.endswith(QUOTE))
        _let_in(response)
        return response


def _ours(cookies: dict[str, str]) -> dict[str, str]:
    """A frame's cookies by the names that everything else knows.

    Not frame-__Host-session: all hosts below our domain may set that, and nobody but us __Host-frame-session.
    """
    return {our: value for name, value in cookies.items() if (our := _our_name(name)) and frame_name(our) == name}


def _our_name(name: str) -> str:
    start = HOST if name.startswith(HOST) else ""
    rest = name.removeprefix(start)
    return start + rest.removeprefix(OWN) if rest.startswith(OWN) else ""


def frame_name(name: str) -> str:
    """What a cookie of ours is called in frames."""
    start = HOST if name.startswith(HOST) else ""
    return f"{start}{OWN}{name.removeprefix(start)}"


_SECURE: Any = {"secure": True}


class Partitioned(Morsel[str]):
    """A cookie that a browser keeps apart for each site in whose pages it was set (CHIPS); Python knows it from 3.14.

    Browsers that keep no cookies of third parties keep these, since they tell no site of another.
    """

    def OutputString(self, attrs: list[str] | None = None) -> str:
        return f"{super().OutputString(attrs)}; Partitioned"


def _give_cookies(response: HttpResponse) -> None:
    for name in list(response.cookies):
        given = response.cookies.pop(name)
        cookie = Partitioned()
        cookie.set(frame_name(name), given.value, given.coded_value)
        cookie.update({key: value for key, value in given.items() if value})
        cookie["samesite"] = "None"
        # Also where the site is not: browsers take it from this very machine, and cross-site from nowhere else.
        cookie.update(_SECURE)
        response.cookies[cookie.key] = cookie


def _let_in(response: HttpResponse) -> None:
    """Say which sites may hold the frame; where there is none, it answers as every page of ours."""
    response.headers.setdefault("X-Robots-Tag", "noindex")  # the same is on a page of our site
    if settings.EMBED_SITES and POLICY in response:
        response[POLICY] = response[POLICY].replace("frame-ancestors 'none'", f"frame-ancestors {ancestors()}")
        del response["X-Frame-Options"]  # it can name no site


def _stands_in_pop_up(request: HttpRequest) -> bool:
    """Whether this is a page of signing in, in a window that a frame has opened and that has to answer it."""
    if request.path.startswith((POP_UP, FROM_PUBLISHER)):
        return True
    session = getattr(request, "session", None)
    if session is None or not request.path.startswith(ACCOUNTS):
        return False
    return bool(time.time() < session.get(IN_POP_UP, 0))
