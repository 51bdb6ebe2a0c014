"""What every template may name."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def newsroom(request: HttpRequest) -> dict[str, Any]:
    """The paper's name and address."""
    return {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}
