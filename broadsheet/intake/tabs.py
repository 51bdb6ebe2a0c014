"""The desk's tab for rules (setting DESK_TABS)."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import pgettext

from broadsheet.accounts.models import Reader
from broadsheet.moderation.tabs import Tab


def rules(moderator: Reader) -> list[Tab]:
    """Every moderator reads the rules; supervisors set them."""
    return [Tab("rules", reverse("intake:rules"), pgettext("of the moderators' desk", "Rules"), group="desk")]
