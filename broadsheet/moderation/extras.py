"""What a page of the paper says to those who work at the desk (setting ME_EXTRAS)."""

from __future__ import annotations

from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _

from broadsheet.accounts.models import Reader
from broadsheet.moderation.rules import may_decide


def desk(reader: Reader) -> dict[str, Any]:
    """Where the queues are, and what puts the desk's acts on the page, for moderators; nothing for anybody else."""
    if not may_decide(reader):
        return {}
    facts = {
        "address": reverse("moderation:home"),
        "words": _("Moderation"),
        "tools": static("moderation/in-place.js"),
        "style": static("moderation/desk.css"),
        "acts": reverse("moderation:acts", args=[0]),
        "act": _("Decide"),
        "not_done": _("That did not reach the newsroom, so nothing was changed. Please try again."),
    }
    return {"desk": facts}
