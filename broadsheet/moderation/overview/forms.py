"""What the pages of the overview ask."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from broadsheet.accounts.models import Reader
from broadsheet.accounts.names import name_key
from broadsheet.discussion.models import Status
from broadsheet.moderation.forms import NoteField
from broadsheet.moderation.models import Reason
from broadsheet.moderation.overview.audit import Asked, Kind


class BlindForm(forms.Form):
    """What one would have done; what it must hold is the action's to say."""

    after = forms.ChoiceField(choices=[(Status.PUBLISHED, ""), (Status.REJECTED, "")])
    reason = forms.ChoiceField(choices=[("", ""), *Reason.choices], required=False)
    note = NoteField(required=False)


class AuditForm(forms.Form):
    """What the audit log is narrowed by. Somebody is found by their whole name, whatever its letters' case."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[("", pgettext_lazy("every kind of act", "All")), *Kind.choices],
        required=False,
    )
    who = forms.CharField(label=gettext_lazy("Name"), max_length=120, required=False)
    first = forms.DateField(
        label=pgettext_lazy("the first day", "From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    last = forms.DateField(
        label=pgettext_lazy("the last day", "To"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def clean_who(self) -> Reader | None:
        name: str = self.cleaned_data["who"].strip()
        if not name:
            return None
        found = Reader.objects.filter(name_key=name_key(name)).first()
        if found is None:
            raise forms.ValidationError(_("Nobody has that name."))
        return found

    @property
    def asked(self) -> Asked:
        """What to show; nothing is narrowed by what cannot be read."""
        given: dict[str, Any] = getattr(self, "cleaned_data", {})
        who: Reader | None = given.get("who")
        return Asked(given.get("kind", ""), who.pk if who else None, given.get("first"), given.get("last"))
