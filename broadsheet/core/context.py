"""What every template may name."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from broadsheet.core.framing import in_frame


def newsroom(request: HttpRequest) -> dict[str, Any]:
    """The paper's name and address, how its newsroom is reached (empty where it does not say), and where this is."""
    contact: str = settings.CONTACT
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "wire": settings.WIRE,
        "framed": in_frame(request.path),
        "contact": contact.removeprefix("https://").rstrip("/"),
        "contact_address": f"mailto:{contact}" if "@" in contact else contact,
    }
