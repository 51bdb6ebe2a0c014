"""Whom decisions are told to (setting DECISION_LISTENERS), inside the transaction that makes them."""

from __future__ import annotations

from django.conf import settings
from django.utils.module_loading import import_string

from broadsheet.moderation.models import Decision


def tell(decision: Decision) -> None:
    """Call every listener in the setting, in order: Decision -> None. What one writes stands or falls with it."""
    for path in settings.DECISION_LISTENERS:
        import_string(path)(decision)
