"""What goes with a delivery: signed as Standard Webhooks has it, with secrets that are kept nowhere."""

from __future__ import annotations

from datetime import datetime

from broadsheet.core import standard_webhooks
from broadsheet.webhooks.models import Endpoint


def secret_of(salt: str) -> str:
    """The secret as its owner types it into their program."""
    return standard_webhooks.derived_secret("broadsheet.webhooks.secret", salt)


def headers(endpoint: Endpoint, identity: str, now: datetime, body: bytes) -> dict[str, str]:
    """What goes with a delivery. While a secret is being replaced, both sign, so that no delivery is refused."""
    salts = [endpoint.salt]
    if endpoint.old_salt and endpoint.old_until and now < endpoint.old_until:
        salts.append(endpoint.old_salt)
    signed = standard_webhooks.headers(
        *map(secret_of, salts), number=identity, timestamp=int(now.timestamp()), body=body
    )
    return {"Content-Type": "application/json", **signed}
