"""What the overview knows of a moderator: for their export, and to be forgotten when their account goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from broadsheet.accounts.models import Reader
from broadsheet.accounts.sections import section
from broadsheet.moderation.models import Opinion
from broadsheet.moderation.overview.models import DayOf


@section("desk_days", _("How much you did as a moderator, by day"), "moderation.DayOf.moderator")
def desk_days(reader: Reader) -> Iterator[dict[str, Any]]:
    """The numbers that supervisors see of them."""
    for each in DayOf.objects.filter(moderator=reader).order_by("day").iterator():
        yield {"day": each.day, "acts": each.acts, "rejected": each.rejected}


def erase(reader: Reader, choice: str) -> None:
    """Their days go. What they said blind stays, like decisions, with an account that is emptied: it counts in others'
    figures.
    """
    DayOf.objects.filter(moderator=reader).delete()
    Opinion.objects.filter(moderator=reader).exclude(note="").update(note="")
