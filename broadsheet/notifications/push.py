"""Waking a browser when there is something to read (Web Push). Off until a key is set; `broadsheet pushkeys` makes one.

What goes through the browser maker's push service is an empty letter: no word, no name, no number. The browser then
asks us, with its own cookie, what there is (RFC 8030; the signature that says it is us, RFC 8292).
"""

from __future__ import annotations

import base64
import logging
import time
from datetime import timedelta
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.core.outbound import Unreachable, fetch
from broadsheet.core.refusals import Refused, Unacceptable
from broadsheet.notifications.models import LONGEST_ENDPOINT, Notification, PushSubscription
from broadsheet.notifications.sight import standing

log = logging.getLogger(__name__)

MOST_BROWSERS = 10  # of one reader
AT_A_TIME = 200
APART = timedelta(minutes=1)  # between two times that one browser is woken
KEPT_FOR = 24 * 3600  # seconds for which the push service keeps it for a browser that is off
SIGNED_FOR = 12 * 3600  # seconds; a service may refuse more than a day
MOST_FAULTS = 10  # in a row
_GONE = {404, 410}


@cache
def _private_key(written: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(_unpacked(written), "big"), ec.SECP256R1())


def make_key() -> str:
    """A new private key, as the setting takes it."""
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return _packed(number.to_bytes(32, "big"))


def public_key() -> str:
    """Our key as browsers take it; empty while there is none."""
    if not settings.PUSH_KEY:
        return ""
    key = _private_key(settings.PUSH_KEY).public_key()
    return _packed(key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def on_page(reader: Reader) -> dict[str, Any]:
    """What the preferences page says of it."""
    return {"push_key": public_key(), "browsers": reader.push_subscriptions.count() if settings.PUSH_KEY else 0}


def subscribe(*, reader: Reader, endpoint: str) -> PushSubscription:
    """Wake this browser from now on; one that another reader used here before is this one's now."""
    if not settings.PUSH_KEY:
        raise Refused(_("This newsroom does not send notifications to browsers."))
    if not _is_address(endpoint):
        raise Unacceptable(_("Your browser names a push service that we cannot use."))
    with transaction.atomic():
        PushSubscription.objects.filter(endpoint=endpoint).exclude(reader=reader).delete()
        made, _is_new = PushSubscription.objects.get_or_create(endpoint=endpoint, defaults={"reader": reader})
        newest = reader.push_subscriptions.order_by("-pk").values_list("pk", flat=True)[:MOST_BROWSERS]
        reader.push_subscriptions.exclude(pk__in=list(newest)).delete()
    return made


def unsubscribe(*, reader: Reader, endpoint: str | None) -> None:
    """Wake this browser no more, or none of the reader's."""
    rows = reader.push_subscriptions.all()
    (rows.filter(endpoint=endpoint) if endpoint else rows).delete()


def wake_due() -> int:
    """Wake the browsers of readers for whom something urgent has come since they were last woken; how many."""
    if not settings.PUSH_KEY:
        return 0
    now = clock.now()
    newer = Notification.objects.filter(
        reader=OuterRef("reader"),
        is_urgent=True,
        seen_at=None,
        created_at__gt=Coalesce(OuterRef("pushed_at"), OuterRef("created_at")),
    )
    rested = Q(pushed_at=None) | Q(pushed_at__lt=now - APART)
    due = PushSubscription.objects.filter(rested, Exists(newer), reader__is_active=True).select_related("reader")
    return sum(_wake(each) for each in due.order_by("pk")[:AT_A_TIME])


def _wake(browser: PushSubscription) -> bool:
    """True where it was told. Claimed first, so that two workers do not both tell it."""
    now = clock.now()
    mine = PushSubscription.objects.filter(pk=browser.pk, pushed_at=browser.pushed_at)
    if not mine.update(pushed_at=now):
        return False
    since = browser.pushed_at or browser.created_at
    if not standing(browser.reader).filter(is_urgent=True, seen_at=None, created_at__gt=since).exists():
        return False
    try:
        answer = fetch(browser.endpoint, method="POST", headers=_headers(browser.endpoint), body=b"")
    except Unreachable:
        _fault(browser)
        return False
    if answer.status in _GONE:
        PushSubscription.objects.filter(pk=browser.pk).delete()
        return False
    if answer.status >= 300:
        log.warning("A push service answered %d.", answer.status)
        _fault(browser)
        return False
    PushSubscription.objects.filter(pk=browser.pk).update(faults=0)
    return True


def _fault(browser: PushSubscription) -> None:
    PushSubscription.objects.filter(pk=browser.pk).update(faults=F("faults") + 1)
    PushSubscription.objects.filter(pk=browser.pk, faults__gte=MOST_FAULTS).delete()


def _headers(endpoint: str) -> dict[str, str]:
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(time.time()) + SIGNED_FOR,
        "sub": settings.SITE_URL,
    }
    token = jwt.encode(claims, _private_key(settings.PUSH_KEY), algorithm="ES256")
    return {
        "TTL": str(KEPT_FOR),
        "Urgency": "normal",
        "Topic": "news",  # one that waits is replaced by the next
        "Authorization": f"vapid t={token}, k={public_key()}",
    }


def _is_address(endpoint: str) -> bool:
    """Whether it is written as a push service's address is. Where it leads is looked at when it is called."""
    if len(endpoint) > LONGEST_ENDPOINT or not endpoint.isascii() or not endpoint.isprintable():
        return False
    try:
        return urlsplit(endpoint).scheme == "https" or _is_inside(endpoint)
    except ValueError:  # a bracket where no address has one
        return False


def _is_inside(endpoint: str) -> bool:
    return urlsplit(endpoint).netloc in settings.OUTBOUND_INSIDE


def _packed(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _unpacked(written: str) -> bytes:
    return base64.urlsafe_b64decode(written + "=" * (-len(written) % 4))
