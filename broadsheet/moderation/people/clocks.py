"""What is forgotten about people when its time is over (setting CLOCKS)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from broadsheet.moderation.people import traces as kept
from broadsheet.moderation.people.models import Sanction


def traces(now: datetime) -> tuple[int, str]:
    """That somebody came from a network address on a day, after a month."""
    return kept.forget(now), "traces of network addresses forgotten"


def marks(now: datetime) -> tuple[int, str]:
    """The scrambled e-mail addresses of accounts that were deleted while banned, a year after the sanction began."""
    old = Sanction.objects.filter(at__lt=now - kept.MARKS_KEPT).exclude(mark="")
    return old.update(mark=""), "marks of deleted accounts forgotten"


def ownerless(now: datetime) -> tuple[int, str]:
    """The words of sanctions whose person is gone: a guest who was forgotten, an account that was never proved."""
    worded = ~Q(told="") | ~Q(note="") | ~Q(lifted_why="")
    rows = Sanction.objects.filter(worded, reader=None)
    return rows.update(told="", note="", lifted_why=""), "words of sanctions without a person deleted"
