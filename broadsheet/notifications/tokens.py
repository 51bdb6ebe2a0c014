"""Links that stop e-mail: good without signing in, for one reader, one kind of thing, one address."""

from __future__ import annotations

from datetime import timedelta

from django.core import signing
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from broadsheet.accounts.models import Reader
from broadsheet.notifications.models import Kind

LASTS = timedelta(days=365)  # an old e-mail in somebody's mailbox is the usual place to press the button
_SALT = "broadsheet.notifications.stop"


def stop_address(reader: Reader, kind: str | None) -> str:
    """The path that stops e-mail about a kind of thing, or all of it."""
    token = signing.dumps([reader.pk, kind or "", _mark(reader)], salt=_SALT)
    return reverse("notifications_stop", args=[token])


def read(token: str) -> tuple[Reader, Kind | None] | None:
    """Whose token it is and for what; None for one that is forged, too old, or for an address they gave up."""
    try:
        pk, kind, mark = signing.loads(token, salt=_SALT, max_age=LASTS)
        wanted = Kind(kind) if kind else None
    except (signing.BadSignature, ValueError, TypeError):
        return None
    reader = Reader.objects.filter(pk=pk).first()
    if reader is None or not constant_time_compare(mark, _mark(reader)):
        return None
    return reader, wanted


def _mark(reader: Reader) -> str:
    return salted_hmac(_SALT, reader.email).hexdigest()[:12]
