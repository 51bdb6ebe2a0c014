"""Signatures of what we send to other servers, as Standard Webhooks has them (standardwebhooks.com, 1.0.0)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets

from django.utils.crypto import salted_hmac

PREFIX = "whsec_"


def new_secret() -> str:
    """A secret of 32 random bytes, to be shown to whoever receives what it signs."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def derived_secret(purpose: str, salt: str) -> str:
    """A secret that is kept nowhere: it is made of the newsroom's own and of a random part that a row has.

    A copied database signs nothing then. With a new `secret_key` each of them is another.
    """
    return PREFIX + base64.b64encode(salted_hmac(purpose, salt, algorithm="sha256").digest()).decode()


def signature(secret: str, *, number: str, timestamp: int, body: bytes) -> str:
    """What stands in `webhook-signature` for a message of that id, second and body."""
    signed = b".".join((number.encode(), str(timestamp).encode(), body))
    return "v1," + base64.b64encode(hmac.digest(_key(secret), signed, hashlib.sha256)).decode()


def headers(*keys: str, number: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The three headers by which a receiver knows that a message is ours, is whole, and is not an old one.

    While a secret is being replaced both sign, so that no message is refused.
    """
    signed = (signature(secret, number=number, timestamp=timestamp, body=body) for secret in keys)
    return {"webhook-id": number, "webhook-timestamp": str(timestamp), "webhook-signature": " ".join(signed)}


def _key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return secret.encode()
