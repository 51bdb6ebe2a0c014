"""Whom decisions and sanctions are told to (settings DECISION_LISTENERS, SANCTION_LISTENERS), inside the transaction
that makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.module_loading import import_string

from broadsheet.moderation.models import Decision

if TYPE_CHECKING:
    from broadsheet.moderation.people.models import Sanction


def tell(decision: Decision) -> None:
    """Call every listener in the setting, in order: Decision -> None. What one writes stands or falls with it."""
    for path in settings.DECISION_LISTENERS:
        import_string(path)(decision)


def tell_sanction(sanction: Sanction) -> None:
    """Call every listener of sanctions: Sanction -> None, when one is made and not when it ends."""
    for path in settings.SANCTION_LISTENERS:
        import_string(path)(sanction)
