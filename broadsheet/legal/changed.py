"""What holds, orders and trusted flaggers are made of, for the audit log (setting AUDIT_PARTS)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.legal.forms import FlaggerForm, HoldForm, OrderForm
from broadsheet.moderation.overview.parts import Part, moment, of_form, row


def hold(facts: Mapping[str, Any]) -> Mapping[str, Part]:
    """A legal hold, which ends with its last day."""
    parts = of_form(HoldForm, expires_at="until")
    own = {name: parts[name]._replace(words=words) for name, words in (("expires_at", _day), ("owner", row(Reader)))}
    return parts | own | {"comment": Part(_("Comment"))}


def _day(written: str) -> str:
    return clock.edition_date(datetime.fromisoformat(written) - timedelta(microseconds=1))


def opened(facts: Mapping[str, Any]) -> Mapping[str, Part]:
    """What was sealed and is read."""
    return {"why": Part(_("Reason"))}


def order(facts: Mapping[str, Any]) -> Mapping[str, Part]:
    """An order by an authority."""
    return of_form(OrderForm) | {"answered_at": Part(_("Answered"), moment)}


def flagger(facts: Mapping[str, Any]) -> Mapping[str, Part]:
    """A trusted flagger."""
    return of_form(FlaggerForm)


def reader_page(facts: Mapping[str, Any]) -> Mapping[str, Part]:
    """A reader's public page: whether they say something of themselves."""
    return {"about": Part(pgettext_lazy("what was changed", "What a reader says of themselves"))}
