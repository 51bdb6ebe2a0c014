"""The overview's tabs at the desk (setting DESK_TABS)."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import pgettext

from broadsheet.accounts.models import Reader
from broadsheet.moderation import rules
from broadsheet.moderation.overview.agreement import open_to
from broadsheet.moderation.tabs import COUNTED, Tab, capped


def tabs(moderator: Reader) -> Iterator[Tab]:
    """The overview and the blind sample for everybody, the audit log for supervisors."""
    yield Tab("overview", reverse("moderation:overview"), pgettext("a page of the desk", "Overview"), group="desk")
    count = capped(open_to(moderator)[: COUNTED + 1].count())
    label = pgettext("a page of the desk", "Blind sample")
    yield Tab("blind", reverse("moderation:blind"), label, "" if count == "0" else count, group="desk")
    if rules.may_supervise(moderator):
        yield Tab("audit", reverse("moderation:audit"), pgettext("a page of the desk", "Audit log"), group="desk")
