"""What a reader may say about themselves, and how their account is to end."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from broadsheet.accounts.models import LONGEST_ABOUT, Deletion, Reader
from broadsheet.accounts.rules import why_not_present
from broadsheet.core.refusals import Unacceptable
from broadsheet.core.text import readable


class ProfileForm(forms.ModelForm[Reader]):
    """Words about oneself, and whether there is a public page."""

    # Longer than may be kept, so that what is too long comes back with a sentence and nothing of it is cut.
    about = forms.CharField(
        label=_("About you"),
        help_text=_("A few lines for your public page, as plain text. Leave it empty if you like."),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        required=False,
        max_length=LONGEST_ABOUT * 10,
        strip=False,
    )
    has_public_page = forms.BooleanField(label=_("Have a public page that lists my published comments"), required=False)

    class Meta:
        model = Reader
        fields = ["about", "has_public_page"]

    def clean_about(self) -> str:
        try:
            about = readable(self.cleaned_data["about"], most=LONGEST_ABOUT, what=str(_("text about you")))
        except Unacceptable as refusal:
            raise forms.ValidationError(refusal.sentence) from None
        if about and about != self.initial["about"] and (reason := why_not_present(self.instance)):
            raise forms.ValidationError(reason)
        return about


class DeletionForm(forms.Form):
    """What is to become of the comments, and that one means it."""

    choice = forms.ChoiceField(
        label=_("What is to become of your comments?"), choices=Deletion.Choice.choices, widget=forms.RadioSelect
    )
    sure = forms.BooleanField(
        label=_("I want my account and everything that belongs to it to be deleted."),
        error_messages={"required": _("Please tick this box if you mean it.")},
    )
