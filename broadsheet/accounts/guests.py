"""Guests: people who speak under a name for one visit, where the newsroom's setting `guests` allows it."""

from __future__ import annotations

from django.contrib.auth import login
from django.http import HttpRequest
from django.utils.translation import gettext as _

from broadsheet.accounts.actions import guest_of, make_guest
from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.core.addresses import reader_address
from broadsheet.core.cache import count
from broadsheet.core.refusals import TooSoon

GUESTS_PER_HOUR = 20  # from one address: a library has that many; a machine that changes names has thousands
HOUR = 3600
_BACKEND = "django.contrib.auth.backends.ModelBackend"


def enter(request: HttpRequest, name: str, intent: str = "") -> Reader:
    """Sign in a guest under that name until this browser is closed, so that they may edit and withdraw what they say.

    Whoever sends a form (`intent` is its key) once more, because no answer came, is the guest that the first made.
    Raises Refused where there are no guests, Unacceptable when the name is none or somebody's, TooSoon for the many of
    one address: each guest would have a pace of their own, and slow mode would hold nobody. The session's key is new
    afterwards; what it held (a draft) stays.
    """
    guest = guest_of(intent) or _new(request, name, intent)
    login(request, guest, backend=_BACKEND)
    return guest


def _new(request: HttpRequest, name: str, intent: str) -> Reader:
    number, wait = count("guests", reader_address(request.META), now=clock.now().timestamp(), seconds=HOUR)
    if number > GUESTS_PER_HOUR:
        sentence = _("Many guests have come from your connection. Please try again in an hour, or sign up.")
        raise TooSoon(sentence, wait)
    return make_guest(name=name, intent=intent)
