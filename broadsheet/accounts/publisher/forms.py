"""What somebody new is asked when their publisher's word is not enough."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from broadsheet.accounts.names import LONGEST_NAME


class NameForm(forms.Form):
    """A display name; whether it may be taken is for the action to say."""

    name = forms.CharField(
        label=_("Display name"), max_length=LONGEST_NAME * 4, help_text=_("Shown beside your comments.")
    )
