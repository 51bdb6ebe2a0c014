"""What a page of the paper says of one's notifications (setting ME_EXTRAS)."""

from __future__ import annotations

from typing import Any

from broadsheet.accounts.models import Reader
from broadsheet.notifications.sight import standing

MOST = 99  # more are "99+"


def unread(reader: Reader) -> dict[str, Any]:
    """How many notifications one has not seen; a hundred stand for more."""
    return {"unread": standing(reader).filter(seen_at=None)[: MOST + 1].count()}
