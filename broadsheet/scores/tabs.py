"""The desk's tab for the scorer (setting DESK_TABS)."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import pgettext

from broadsheet.accounts.models import Reader
from broadsheet.moderation.tabs import Tab


def tabs(moderator: Reader) -> list[Tab]:
    """Every moderator reads how the scorer does; supervisors say how it is used."""
    return [Tab("scorer", reverse("scores:scorer"), pgettext("a page of the desk", "Scorer"), group="desk")]
