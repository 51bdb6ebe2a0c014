"""Network addresses of readers without an account: enough to limit them, never kept as they are."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils.crypto import salted_hmac


def address_key(address: str, moment: datetime) -> str:
    """A keyed hash of the address, another one each day (UTC): tells two addresses apart and names neither."""
    day = moment.astimezone(UTC).date().isoformat()
    return salted_hmac("broadsheet.moderation.address", f"{day} {address}", algorithm="sha256").hexdigest()
