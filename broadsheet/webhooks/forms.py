"""What supervisors and moderators fill in."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from broadsheet.moderation.forms import NoteField
from broadsheet.webhooks.models import CHOSEN, LONGEST_ADDRESS, Digest


class EndpointForm(forms.Form):
    """An endpoint; what cannot be is the action's to say."""

    name = forms.CharField(label=_("Name"), max_length=80)
    address = forms.CharField(label=_("Address"), max_length=LONGEST_ADDRESS)
    kinds = forms.MultipleChoiceField(
        label=_("What it is told"),
        choices=[(kind.value, kind.label) for kind in CHOSEN],
        widget=forms.CheckboxSelectMultiple,
    )
    with_words = forms.BooleanField(
        label=_("With the words of comments that everybody can read"),
        required=False,
        help_text=_("Words of held, rejected and withdrawn comments are never sent."),
    )
    is_on = forms.BooleanField(label=_("Switched on"), required=False)


class MailForm(forms.Form):
    """What a moderator wants by mail."""

    digest = forms.ChoiceField(label=_("What waits, in one mail"), choices=Digest.choices, widget=forms.RadioSelect)
    each = forms.BooleanField(label=_("A mail for each comment that is held or reported"), required=False)


class ByMailForm(forms.Form):
    """What goes with a decision by mail."""

    reason = forms.CharField(max_length=12, required=False)
    note = NoteField(required=False)
