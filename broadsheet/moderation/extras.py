"""What a page of the paper says to those who work at the desk (setting ME_EXTRAS)."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from broadsheet.accounts.models import Reader
from broadsheet.moderation.rules import may_decide


def desk(reader: Reader) -> dict[str, Any]:
    """Where the queues are, for moderators; nothing for anybody else."""
    return {"desk": {"address": reverse("moderation:home"), "words": _("Moderation")}} if may_decide(reader) else {}
