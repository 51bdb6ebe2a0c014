"""How long somebody stays signed in, and the one thing a script may know of a session: that there is one.

Source: NIST SP 800-63B-4, sections 2.1.3 and 2.2.3: readers sign in again after 30 days at the latest, staff after a
day, or an hour without a page (settings `staff_session_hours`, `staff_idle_minutes`). ASVS 5.0, 7.3.1 and 7.3.2.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from broadsheet.accounts.models import Reader

LIMITS = "limits"  # in the session: the moment it ends, its idle time, when it was last used
NOTE_EVERY = 60  # seconds: a session's last use is written down so often and no oftener
GUEST_VISIT = timedelta(days=1)
MARKER = "reader"  # not secret and proves nothing; without it, a page does not ask who is reading


def is_over(limits: dict[str, float], now: float) -> bool:
    """Whether a session with these limits has ended."""
    return now >= limits["until"] or bool(limits["idle"] and now - limits["seen"] >= limits["idle"])


def begin(request: HttpRequest, reader: Reader, *, staff: bool) -> None:
    """Give a session that has just been signed in its limits."""
    longest = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    if reader.is_guest:
        longest = GUEST_VISIT
        request.session.set_expiry(0)  # the browser forgets it too, when it is closed
    now, idle = time.time(), 0.0
    if staff:
        longest, idle = min(longest, settings.STAFF_SESSION), settings.STAFF_IDLE.total_seconds()
    request.session[LIMITS] = {"until": now + longest.total_seconds(), "idle": idle, "seen": now}


def renew(request: HttpRequest) -> None:
    """Give the session another key, so that whoever had learned the old one is left outside; what it holds stays.

    In the reader's list of sessions it goes on as the same one.
    """
    before = request.session.session_key
    request.session.cycle_key()
    request.session.save()  # the list leaves out sessions that cannot be found
    UserSession.objects.filter(session_key=before).update(session_key=request.session.session_key)


def hold_to_staff_limits(request: HttpRequest) -> None:
    """Shorten the session of somebody who joined the staff after it had begun."""
    limits: dict[str, Any] = request.session.get(LIMITS) or {}
    if not limits.get("idle"):
        begin(request, request.user, staff=True)  # type: ignore[arg-type]  # signed in: the caller has asked


def remember_reader(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Mark this browser as one that is signed in, so that only such browsers ask for what is personal.

    Public pages are the same for everyone; a signed-out reader's page would otherwise ask each time, for nothing.
    """
    if request.user.is_authenticated and MARKER not in request.COOKIES:
        mark(response, for_visit=request.user.is_guest)
    return response


def mark(response: HttpResponse, *, for_visit: bool = False) -> None:
    """Set the marker, for as long as a session lasts."""
    response.set_cookie(
        MARKER,
        "1",
        max_age=None if for_visit else settings.SESSION_COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def unmark(response: HttpResponse) -> None:
    """Take the marker away, at signing out, and with it what scripts have kept in this browser: drafts of comments."""
    response["Clear-Site-Data"] = '"storage"'  # no script is needed for it
    response.delete_cookie(MARKER, samesite="Lax")
