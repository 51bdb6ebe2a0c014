"""Signing up and in."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm, SignupForm
from django import forms

from broadsheet.accounts.models import Reader
from broadsheet.accounts.names import LONGEST_NAME, checked_name, name_key
from broadsheet.core.refusals import Unacceptable


class SignUpForm(SignupForm):
    """E-mail, a display name that is nobody else's, a password."""

    name = forms.CharField(label="Display name", max_length=LONGEST_NAME, help_text="Shown beside your comments.")

    def clean_name(self) -> str:
        try:
            name = checked_name(self.cleaned_data["name"])
        except Unacceptable as refusal:
            raise forms.ValidationError(refusal.sentence) from None
        if Reader.objects.filter(name_key=name_key(name)).exists():
            raise forms.ValidationError("That name, or one that looks like it, is taken.")
        return name


class SignInForm(LoginForm):
    """E-mail and password, one after the other: the way to a new password stands below, not between them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""
