"""What is forgotten of discussions when its time is over (setting CLOCKS)."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from broadsheet.core.tidying import delete_all
from broadsheet.discussion.models import Visit


def visits(now: datetime) -> tuple[int, str]:
    """How far somebody had read a discussion a year ago."""
    return delete_all(Visit.objects.filter(at__lt=now - settings.VISITS_KEPT)), "old visits forgotten"
