"""Signatures as the Standard Webhooks specification has them (version 1.0.0, symmetric: `v1`, HMAC-SHA256).

An endpoint's secret is not kept: it is made of the newsroom's own secret and a random part of the endpoint's row, so
that a copied database signs nothing. With a new `secret_key` every endpoint has a new secret.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime

from django.utils.crypto import salted_hmac

from broadsheet.webhooks.models import Endpoint

PREFIX = "whsec_"


def secret_of(salt: str) -> str:
    """The secret as its owner types it into their program."""
    return PREFIX + base64.b64encode(_key(salt)).decode()


def signature(key: bytes, identity: str, timestamp: int, body: bytes) -> str:
    """One signature of these bytes, as the header lists it."""
    signed = f"{identity}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def headers(endpoint: Endpoint, identity: str, now: datetime, body: bytes) -> dict[str, str]:
    """What goes with a delivery. While a secret is being replaced, both sign, so that no delivery is refused."""
    timestamp = int(now.timestamp())
    salts = [endpoint.salt]
    if endpoint.old_salt and endpoint.old_until and now < endpoint.old_until:
        salts.append(endpoint.old_salt)
    return {
        "Content-Type": "application/json",
        "webhook-id": identity,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signature(_key(salt), identity, timestamp, body) for salt in salts),
    }


def _key(salt: str) -> bytes:
    return salted_hmac("broadsheet.webhooks.secret", salt, algorithm="sha256").digest()
