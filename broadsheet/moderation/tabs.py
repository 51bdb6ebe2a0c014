"""The tabs of the desk: each app that has pages there names its own in the setting DESK_TABS."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string

from broadsheet.accounts.models import Reader

COUNTED = 50  # a tab says "50+" from here on, so that counting stays cheap


@dataclass(frozen=True)
class Tab:
    """One entry of the desk's navigation; `count` is what waits there, "" where nothing is counted."""

    name: str
    address: str
    label: str
    count: str = ""
    group: str = "queues"  # queues, or what stands behind them: "desk"
    is_for_others: bool = False  # also for somebody who is no moderator: who made the tab has asked


def tabs_for(moderator: Reader) -> list[Tab]:
    """What this moderator may open, in the order of the setting. Each path is a function Reader -> iterable of Tab."""
    found = [tab for path in settings.DESK_TABS for tab in import_string(path)(moderator)]
    return found if moderator.is_moderator else [tab for tab in found if tab.is_for_others]


def capped(number: int) -> str:
    """A count for a tab, of at most COUNTED + 1 rows that were looked at."""
    return f"{COUNTED}+" if number > COUNTED else str(number)
