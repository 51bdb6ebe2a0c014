"""The one thing a script may know of a session: that there is one."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

MARKER = "reader"  # not secret and proves nothing; without it, a page does not ask who is reading


def remember_reader(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Mark this browser as one that is signed in, so that only such browsers ask for what is personal.

    Public pages are the same for everyone; a signed-out reader's page would otherwise ask each time, for nothing.
    """
    if request.user.is_authenticated and MARKER not in request.COOKIES:
        mark(response)
    return response


def mark(response: HttpResponse) -> None:
    """Set the marker, for as long as a session lasts."""
    response.set_cookie(
        MARKER, "1", max_age=settings.SESSION_COOKIE_AGE, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax"
    )


def unmark(response: HttpResponse) -> None:
    """Take the marker away, at signing out."""
    response.delete_cookie(MARKER, samesite="Lax")
