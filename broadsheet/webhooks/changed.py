"""What a webhook is made of, for the audit log (setting AUDIT_PARTS)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from broadsheet.moderation.overview.parts import SECRET, Part, of_form
from broadsheet.webhooks.forms import EndpointForm


def webhook(facts: Mapping[str, Any]) -> Mapping[str, Part]:
    """A webhook; why it is off is said where nobody switched it off."""
    named = of_form(EndpointForm, events="kinds", words="with_words", on="is_on")
    return named | {"secret": SECRET, "why": Part(_("Why"))}
