"""Guests: people who speak under a name for one visit, where the newsroom's setting `guests` allows it."""

from __future__ import annotations

from django.contrib.auth import login
from django.http import HttpRequest

from broadsheet.accounts.actions import make_guest
from broadsheet.accounts.models import Reader

_BACKEND = "django.contrib.auth.backends.ModelBackend"


def enter(request: HttpRequest, name: str) -> Reader:
    """Sign in a guest under that name until this browser is closed, so that they may edit and withdraw what they say.

    Raises Refused where there are no guests, Unacceptable when the name is none or somebody's. The session's key is
    new afterwards; what it held (a draft) stays.
    """
    guest = make_guest(name=name)
    login(request, guest, backend=_BACKEND)
    return guest
