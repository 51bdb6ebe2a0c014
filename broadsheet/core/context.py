"""What every template may name."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from broadsheet.core.framing import in_frame


def newsroom(request: HttpRequest) -> dict[str, Any]:
    """The paper's name, address and newsroom's contact (empty where there is none); whether this page is in a frame."""
    contact: str = settings.CONTACT
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "framed": in_frame(request.path),
        "contact": contact.removeprefix("https://").rstrip("/"),
        "contact_address": f"mailto:{contact}" if "@" in contact else contact,
    }
