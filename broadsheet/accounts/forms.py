"""The forms of signing up, in, and of looking after an account: allauth's, in our words and with our checks."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from allauth.account import forms as account
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import get_adapter as get_factor_adapter
from allauth.mfa.base import forms as factors
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from allauth.socialaccount import forms as social
from django import forms
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from broadsheet.accounts.actions import hold_name, taken
from broadsheet.accounts.models import Reader, UsedToken
from broadsheet.accounts.names import LONGEST_NAME, checked_name
from broadsheet.accounts.passwords import LONGEST_PASSWORD, Length
from broadsheet.accounts.rules import may_not_choose
from broadsheet.core import clock
from broadsheet.core.refusals import Unacceptable

_CODE_LIFE = timedelta(minutes=5)  # longer than a code of an authenticator app can be good
_LABELS = {
    "login": gettext_lazy("E-mail address"),
    "email": gettext_lazy("E-mail address"),
    "password": gettext_lazy("Password"),
    "oldpassword": gettext_lazy("Present password"),
    "password1": gettext_lazy("New password"),
    "code": gettext_lazy("Code"),
}


class Plain(forms.Form):
    """Our labels, no placeholders, and a new password typed once: a button shows what was typed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("password2", None)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = _LABELS.get(name, field.label)
            if name in {"login", "email", "code"}:
                field.widget.attrs["dir"] = "ltr"  # whatever the page's own direction
            if name in {"password", "oldpassword"}:
                field.help_text = ""
            if name == "password1":
                field.help_text = Length().get_help_text()
            if isinstance(field.widget, forms.PasswordInput):
                field.widget.attrs["maxlength"] = str(4 * LONGEST_PASSWORD)  # too long is told, not cut off


class NameField(forms.CharField):
    """A display name, checked but not asked whether it is free."""

    def __init__(self, **facts: Any) -> None:
        facts.setdefault("label", gettext_lazy("Display name"))
        facts.setdefault("help_text", gettext_lazy("Shown beside your comments."))
        super().__init__(max_length=LONGEST_NAME, **facts)
        self.widget.attrs.update({"autocomplete": "nickname", "dir": "auto"})

    def clean(self, value: Any) -> str:
        name = super().clean(value)
        try:
            return checked_name(name) if name else name
        except Unacceptable as refusal:
            raise forms.ValidationError(refusal.sentence) from None


class NamedSignUp(forms.Form):
    """Somebody new chooses a name; whether their address is known here is told to nobody, by no way."""

    name = NameField()

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if may_not_choose(name, clock.now()):
            raise forms.ValidationError(taken())
        return name

    def try_save(self, request: HttpRequest) -> tuple[Reader | None, HttpResponse | None]:
        """Make the account, or do as much work as if it was made; the name is held in either case."""
        exists: bool = self.account_already_exists  # type: ignore[attr-defined]  # allauth's form found that out
        if exists and "password1" in self.cleaned_data:
            Reader().set_password(self.cleaned_data["password1"])
        try:
            with transaction.atomic():
                made: tuple[Reader | None, HttpResponse | None] = super().try_save(request)  # type: ignore[misc]
        except (IntegrityError, Unacceptable):  # somebody took the name a moment ago
            raise Unacceptable(taken()) from None
        hold_name(self.cleaned_data["name"], clock.now())
        return made


class SignUpForm(NamedSignUp, Plain, account.SignupForm):
    """E-mail, a display name that is nobody else's, a password."""

    field_order = ["email", "name", "password1"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = _("Password")


class SignUpByProviderForm(NamedSignUp, Plain, social.SignupForm):
    """A display name, and the address where the provider has not proved one."""

    field_order = ["email", "name"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("password1", None)
        proved = [address.email for address in self.sociallogin.email_addresses if address.verified]
        if proved:
            self.initial["email"] = proved[0]
            self.fields["email"].disabled = True


class SignInForm(Plain, account.LoginForm):
    """E-mail and password, one after the other: the way to a new password stands below, not between them."""


class AskForCodeForm(Plain, account.RequestLoginCodeForm):
    """The address that a sign-in code is sent to."""


class SignInCodeForm(Plain, account.ConfirmLoginCodeForm):
    """The code that was sent for signing in."""


class AddressCodeForm(Plain, account.ConfirmEmailVerificationCodeForm):
    """The code that proves an address."""


class ChangeAddressForm(Plain, account.AddEmailForm):
    """A new address; a code is sent to it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("New e-mail address")


class ChangePasswordForm(Plain, account.ChangePasswordForm):
    """The present password and a new one."""


class SetPasswordForm(Plain, account.SetPasswordForm):
    """A first password, for somebody who signs in without one."""


class AskForPasswordForm(Plain, account.ResetPasswordForm):
    """The address that the way to a new password is sent to."""


class NewPasswordForm(Plain, account.ResetPasswordKeyForm):
    """A new password, for who followed the link in the mail."""


class PasswordAgainForm(Plain, account.ReauthenticateForm):
    """The password once more, before something that matters."""


class DisconnectForm(social.DisconnectForm):
    """Which provider's account is not to sign in here any more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].empty_label = None


class OnceForm(Plain):
    """A code is good once, whichever process asks: RFC 6238, section 5.2; ASVS 5.0, 6.5.1."""

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]  # allauth's form has it
        whose = f"second factor:{self.user.pk}:{normalize_user_code(code)}"  # type: ignore[attr-defined]
        digest = hashlib.sha256(whose.encode()).hexdigest()
        try:
            with transaction.atomic():
                UsedToken.objects.create(digest=digest, expires_at=clock.now() + _CODE_LIFE)
        except IntegrityError:
            if UsedToken.objects.filter(digest=digest, expires_at__gt=clock.now()).exists():
                raise get_factor_adapter().validation_error("incorrect_code") from None
            UsedToken.objects.filter(digest=digest).update(expires_at=clock.now() + _CODE_LIFE)
        return code


class SecondFactorForm(OnceForm, factors.AuthenticateForm):
    """A code of an authenticator app, or a recovery code."""


class SecondFactorAgainForm(OnceForm, factors.ReauthenticateForm):
    """The same, once more, before something that matters."""


class AuthenticatorAppForm(OnceForm, totp.ActivateTOTPForm):
    """The first code of an authenticator app: it proves that the app knows the secret."""


class AddPasskeyForm(Plain, webauthn.AddWebAuthnForm):
    """A new passkey and what its owner calls it. It always signs in by itself: there is nothing to choose."""

    name = forms.CharField(label=gettext_lazy("What you call it"), max_length=60, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("passwordless", None)

    def clean(self) -> dict[str, Any]:
        self.cleaned_data["passwordless"] = True
        try:
            super().clean()
        except (ValueError, KeyError, AttributeError):  # nothing a browser has made
            raise get_factor_adapter().validation_error("incorrect_code") from None
        return self.cleaned_data


class _Shown(forms.Form):
    """What a passkey answered."""

    def clean_credential(self) -> Authenticator:
        try:
            shown: Authenticator = super().clean_credential()  # type: ignore[misc]  # allauth's form has it
        except (ValueError, KeyError, AttributeError, TypeError):  # nothing a browser has made
            raise get_factor_adapter().validation_error("incorrect_code") from None
        return shown


class PasskeySignInForm(_Shown, webauthn.LoginWebAuthnForm):
    """A passkey that signs in by itself."""


class PasskeyFactorForm(_Shown, webauthn.AuthenticateWebAuthnForm):
    """A passkey as the second factor."""


class PasskeyAgainForm(_Shown, webauthn.ReauthenticateWebAuthnForm):
    """A passkey once more, before something that matters."""


class NewNameForm(forms.Form):
    """Another display name."""

    name = NameField(label=gettext_lazy("New display name"), help_text="")
