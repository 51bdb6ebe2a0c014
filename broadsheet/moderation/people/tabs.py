"""The tab of people (setting DESK_TABS)."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext

from broadsheet.accounts.models import Reader
from broadsheet.moderation.tabs import Tab


def tabs(moderator: Reader) -> list[Tab]:
    return [Tab("people", reverse("moderation:people"), gettext("People"), group="desk")]
