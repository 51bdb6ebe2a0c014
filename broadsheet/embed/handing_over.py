"""Signing in to a frame: a session of our own site gives a code, and the frame gets a session of its own for it.

Browsers give a frame on another site none of our cookies, so who is signed in here is a stranger there. The code is
random, kept only as its hash, good for a minute and once, and only while the session that gave it stands. What it
begins is a session that speaks in discussions and does nothing else (`accounts.middleware.Doors`), that ends no later
than the one it came from, stands in the list of the reader's sessions, and goes when they sign out.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, login
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from broadsheet.accounts.models import Reader
from broadsheet.accounts.session_store import SessionStore
from broadsheet.accounts.sessions import LIMITS
from broadsheet.core import clock
from broadsheet.core.cache import count
from broadsheet.core.framing import FRAMED
from broadsheet.core.refusals import Refused, TooSoon
from broadsheet.core.tidying import delete_all
from broadsheet.embed.models import Handover

GOOD_FOR = timedelta(seconds=60)
CODES_PER_MINUTE = 20  # of one reader, who opens many pages at once
FAMILY = "frames"  # in a session, and in its line of the list: under which name it has begun sessions in frames
_BACKEND = "django.contrib.auth.backends.ModelBackend"


def give_code(session: SessionBase, now: datetime) -> str:
    """A code for this signed-in session to hand to a frame. Raises TooSoon for who asks for very many."""
    number, wait = count("embed-codes", session[SESSION_KEY], now=now.timestamp(), seconds=60)
    if number > CODES_PER_MINUTE:
        raise TooSoon(_("You have signed in to many pages just now. Please wait a minute."), wait)
    family = session.get(FAMILY)
    if not family:
        family = session[FAMILY] = secrets.token_hex(16)
    code = secrets.token_urlsafe(32)
    giver = session.session_key or ""
    for row in UserSession.objects.filter(session_key=giver):
        row.data[FAMILY] = family
        row.save(update_fields=["data"])
    Handover.objects.create(code=_hash(code), family=family, giver=giver, good_until=now + GOOD_FOR)
    return code


def enter(request: HttpRequest, code: str) -> Reader:
    """Begin this frame's session, for whom the code was given to. Raises Refused for every code that is not good."""
    now = clock.now()
    refused = Refused(_("That took too long. Please sign in again."))
    with transaction.atomic():
        given = Handover.objects.select_for_update().filter(code=_hash(code), session="", good_until__gt=now).first()
        giver = SessionStore(given.giver) if given else None
        reader = _reader_of(giver) if giver else None
        if given is None or giver is None or reader is None or giver.get(FAMILY) != given.family:
            raise refused
        login(request, reader, backend=_BACKEND)
        request.session[FRAMED] = True
        UserSession.objects.create_from_request(request)
        begun = UserSession.objects.filter(session_key=request.session.session_key)
        begun.update(data={FRAMED: True})  # the list says so
        _end_with(request.session, giver)
        request.session.save()
        given.session = request.session.session_key or ""
        given.save(update_fields=["session"])
    return reader


def _reader_of(session: SessionBase) -> Reader | None:
    """Who is signed in with this session, by the same proof that every request makes."""
    reader = Reader.objects.filter(pk=session.get(SESSION_KEY) or 0, is_active=True, is_guest=False).first()
    proof: Any = session.get(HASH_SESSION_KEY, "")
    return reader if reader and constant_time_compare(proof, reader.get_session_auth_hash()) else None


def _end_with(session: SessionBase, giver: SessionBase) -> None:
    limits, theirs = session.get(LIMITS), giver.get(LIMITS)
    if limits and theirs:
        session[LIMITS] = {**limits, "until": min(limits["until"], theirs["until"])}


def signed_out(*, request: HttpRequest, **facts: Any) -> None:
    """Somebody signs out on our site: the sessions that this one began in frames end with it."""
    if hasattr(request, "session"):
        _end_frames(request.session.get(FAMILY))


def was_ended(*, instance: UserSession, **facts: Any) -> None:
    """A session of our site is ended from the list, on whichever device: so are those that it began in frames."""
    _end_frames(instance.data.get(FAMILY))


def _end_frames(family: str | None) -> None:
    if not family:
        return
    begun = Handover.objects.filter(family=family)
    for key in begun.exclude(session="").values_list("session", flat=True):
        SessionStore(key).delete()
    begun.delete()


def old_codes(now: datetime) -> tuple[int, str]:
    """Codes that are no good any more, and whose session has ended or was never begun."""
    known = SessionStore.get_model_class().objects.values("session_key")
    old = Handover.objects.filter(good_until__lt=now).exclude(session__in=known)
    return delete_all(old), "sign-ins to frames forgotten"


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode("utf-8", "replace")).hexdigest()
