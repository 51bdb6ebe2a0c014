"""The forms of a person's page."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from broadsheet.accounts.models import Reader
from broadsheet.moderation.forms import NoteField
from broadsheet.moderation.models import COMPLAINTS, receipt_token
from broadsheet.moderation.people import scopes
from broadsheet.moderation.people.models import Kind
from broadsheet.moderation.people.removal import Extent

_FORM_KEYS = signing.Signer(salt="broadsheet.moderation.sanction")
UNTIL_MOMENT = "moment"
UNTIL_LIFTED = ""
LENGTHS = [
    (UNTIL_LIFTED, _("Until it is lifted")),
    ("1", _("A day")),
    ("3", _("Three days")),
    ("7", _("A week")),
    ("14", _("Two weeks")),
    ("30", _("30 days")),
    ("90", _("90 days")),
    (UNTIL_MOMENT, _("Until the moment below")),
]
ENDING = {Kind.SUSPENSION, Kind.PREMODERATION, Kind.NO_REPORTS}  # kinds about which the form asks until when


class SanctionForm(forms.Form):
    """One sanction of one reader, as a moderator describes it. What may be is for the action to say."""

    kind = forms.ChoiceField(choices=Kind.choices, widget=forms.HiddenInput)
    section = forms.TypedChoiceField(label=_("Where"), required=False, coerce=int, empty_value=None)
    length = forms.ChoiceField(label=_("Until when"), choices=LENGTHS, required=False)
    moment = forms.DateTimeField(
        label=_("Moment"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": _("Please write the moment as a date and a time.")},
    )
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[("", _("Choose…")), *((reason.value, reason.label) for reason in COMPLAINTS)],
        error_messages={"required": _("Please choose the reason: the reader is told.")},
    )
    told = NoteField(label=_("Words to the reader"), required=False)
    note = NoteField(label=_("Note for colleagues"), required=False)
    removes = forms.BooleanField(label=_("Remove what they wrote"), required=False)
    count = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    last = forms.IntegerField(required=False, min_value=0, max_value=2**62, widget=forms.HiddenInput)
    key = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(self, *args: Any, moderator: Reader, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = [(str(section.pk), str(section)) for section in scopes.own_sections(moderator)]
        everywhere = [("", _("Everywhere"))] if scopes.sections_of(moderator) is None else []
        self.fields["section"].choices = everywhere + own  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        if facts.get("kind") in ENDING and facts.get("length") == UNTIL_MOMENT and not facts.get("moment"):
            self.add_error("moment", _("Please say until when."))
        return facts

    def until(self, now: datetime) -> datetime | None:
        """When it ends; None: it is not asked, or it ends when somebody lifts it."""
        facts = self.cleaned_data
        if facts["kind"] not in ENDING or facts["length"] == UNTIL_LIFTED:
            return None
        if facts["length"] == UNTIL_MOMENT:
            moment: datetime | None = facts["moment"]
            return moment
        return now + timedelta(days=int(facts["length"]))

    @property
    def extent(self) -> Extent | None:
        """What the preview showed of the comments that go; None where none do."""
        facts = self.cleaned_data
        if not facts["removes"] or facts["count"] is None or facts["last"] is None:
            return None
        return Extent(facts["count"], facts["last"])


def new_key(reader: Reader) -> str:
    """A fresh name for what this form will make, signed."""
    return _FORM_KEYS.sign(f"{reader.pk} {receipt_token()}")


def token_in(key: str, reader: Reader) -> str | None:
    """The name in a form's key; None when the key was not made here for this reader."""
    try:
        pk, token = _FORM_KEYS.unsign(key).split(" ")
    except (signing.BadSignature, ValueError):
        return None
    return token if pk == str(reader.pk) else None
