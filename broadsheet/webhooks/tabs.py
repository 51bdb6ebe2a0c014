"""The tabs of this app at the desk (setting DESK_TABS)."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import pgettext

from broadsheet.accounts.models import Reader
from broadsheet.moderation import rules
from broadsheet.moderation.tabs import Tab


def tabs(moderator: Reader) -> Iterator[Tab]:
    """Mail for everybody, webhooks for supervisors."""
    yield Tab("mail", reverse("webhooks:mail"), pgettext("a page of the desk", "Mail"), group="desk")
    if rules.may_supervise(moderator):
        yield Tab("webhooks", reverse("webhooks:list"), pgettext("a page of the desk", "Webhooks"), group="desk")
