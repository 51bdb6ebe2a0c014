"""What allauth asks of us."""

from __future__ import annotations

import base64
import hashlib
import logging
import re
import time
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from broadsheet.accounts.actions import GUESTS_ADDRESS, claim_name
from broadsheet.accounts.models import Reader
from broadsheet.accounts.publisher.leaving import after_signing_out
from broadsheet.accounts.rules import is_about_to_go
from broadsheet.accounts.sessions import mark
from broadsheet.core import clock
from broadsheet.core.addresses import reader_address
from broadsheet.core.mail import sender

log = logging.getLogger("broadsheet.accounts")

# Our own addresses as we make them. Whatever else a browser might read as another site (a second slash, a colon, a
# dot, a backslash, an escape) is no address of ours, so it need not be understood.
_OWN_PATH = re.compile(r"/(?:[\w~-]+/)*(?:\?[\w=&-]*)?(?:#[\w-]*)?", re.ASCII)
_NOWHERE = "::"  # stands for the address of a request that has none
FRESH = 15 * 60  # seconds after signing in during which who has neither password nor factor need not do it again
# What is kept of what a provider tells: enough to say which account it is.
_KEPT = ("name", "login", "email", "mail", "preferred_username")
# Said on the page that the person sees anyway.
_SAID_ALREADY = {
    "account/messages/login_code_sent.txt",
    "account/messages/email_confirmation_sent.txt",
    "mfa/messages/recovery_codes_generated.txt",
}


class AccountAdapter(DefaultAccountAdapter):
    """Signs readers up with a name of their own; leads only to our own pages; goes on without a mail server."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": gettext_lazy("That e-mail address and password do not belong together."),
        "incorrect_code": gettext_lazy("That is not the code."),
        "incorrect_password": gettext_lazy("That is not your password."),
        "enter_current_password": gettext_lazy("That is not your present password."),
        "too_many_login_attempts": gettext_lazy("Too many failed attempts. Please try again in a few minutes."),
        "rate_limited": gettext_lazy("That was too often. Please try again in a few minutes."),
    }

    def save_user(self, request: HttpRequest, user: Reader, form: Form, commit: bool = True) -> Reader:
        claim_name(form.cleaned_data["name"], clock.now())
        user.name = form.cleaned_data["name"]
        saved: Reader = super().save_user(request, user, form, commit)
        return saved

    def clean_email(self, email: str) -> str:
        if email.rpartition("@")[2].lower() == GUESTS_ADDRESS:
            raise ValidationError(_("Please give an e-mail address at which you get mail."))
        return email

    def is_safe_url(self, url: str | None) -> bool:
        """True for a path of this site, and for nothing that names a site, this one included."""
        return bool(url and _OWN_PATH.fullmatch(url))

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that failed sign-ins are counted by, and that the list of sessions shows."""
        return reader_address(request.META).partition("/")[0] or _NOWHERE

    def post_login(self, request: HttpRequest, user: Reader, **facts: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **facts)
        if is_about_to_go(user):  # they may have come to change their mind
            response = HttpResponseRedirect(reverse("my_deletion"))
        mark(response)
        return response

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Where a publisher signed somebody in: the way to sign out there too."""
        return after_signing_out(request) or super().get_logout_redirect_url(request)

    def is_reauthentication_required(self, *, app: str, **facts: Any) -> bool:
        """As allauth says; who has neither password nor factor shows who they are by signing in again."""
        required: bool = super().is_reauthentication_required(app=app, **facts)
        request = context.request
        if required and not get_reauthentication_flows(request.user) and not _signed_in_lately(request):
            address = f"{reverse('account_sign_in_again')}?{urlencode({'next': request.path})}"
            raise ImmediateHttpResponse(HttpResponseRedirect(address))
        return required

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *rest: Any, **more: Any
    ) -> None:
        """Only what is seen where it belongs: after signing up, one lands on a page that is the same for everyone."""
        confirmed = message_template == "account/messages/email_confirmed.txt"
        if message_template in _SAID_ALREADY or (confirmed and not request.user.is_authenticated):
            return
        super().add_message(request, level, message_template, *rest, **more)

    def get_from_email(self) -> str:
        return sender()

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send, or say in the log that it could not be: without a mail server everything else goes on."""
        if email.endswith(".invalid"):  # a guest's, or that of somebody whose publisher gave none
            return
        try:
            super().send_mail(template_prefix, email, {"site_name": settings.SITE_NAME, **context})
        except OSError as fault:  # every fault of a mail server is one
            log.error("A mail (%s) could not be sent: %s", template_prefix, fault)


def _signed_in_lately(request: HttpRequest) -> bool:
    moments = [record["at"] for record in get_authentication_records(request, request.user)]
    return bool(moments) and time.time() - max(moments) < FRESH


class SocialAdapter(DefaultSocialAccountAdapter):
    """Believes a provider about an address only where it says that it has checked it, and keeps little of the rest."""

    def new_user(self, request: HttpRequest, sociallogin: SocialLogin) -> Reader:
        told = sociallogin.account.extra_data
        told = told.get("userinfo") or told.get("id_token") or told
        sociallogin.account.extra_data = {key: told[key] for key in _KEPT if isinstance(told.get(key), str)}
        for address in sociallogin.email_addresses:
            address.verified = address.verified is True  # "false" in quotation marks is no proof either
        return Reader()

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> Reader:
        """The address; a name is everybody's own to choose."""
        user: Reader = sociallogin.user
        user.email = data.get("email") or ""
        return user

    def get_signup_form_initial_data(self, sociallogin: SocialLogin) -> dict[str, Any]:
        told = sociallogin.account.extra_data
        return {"email": sociallogin.user.email, "name": told.get("name") or told.get("login") or ""}

    def authenticate_by_email(self, sociallogin: SocialLogin) -> None:
        """Never: an account is connected by somebody who is signed in to it, not by an address."""
        return None

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, **facts: Any
    ) -> None:
        log.warning("Sign-in by %s failed: %s %s", provider.id, error, exception or "")


class FactorAdapter(DefaultMFAAdapter):
    """Second factors: their secrets are not readable in a copy of the database."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("That is not the code, or it has been used already."),
        "unverified_email": gettext_lazy("Please prove your e-mail address first."),
    }

    def get_totp_issuer(self) -> str:
        return str(settings.SITE_NAME)

    def _get_site_name(self) -> str:
        return str(settings.SITE_NAME)

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; after `secret_key` was changed it cannot be read, and then no code is right."""
        try:
            return _box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            log.error("A second factor cannot be read with this secret_key: its owner has to set it up anew.")
            return get_random_string(32, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")

    def generate_authenticator_name(self, user: Reader, type: Authenticator.Type) -> str:
        """What a new passkey is called, until its owner says otherwise."""
        count = Authenticator.objects.filter(user=user, type=type).count()
        return _("Passkey %(n)s") % {"n": count + 1}


def _box() -> Fernet:
    key = hashlib.sha256(b"second factors:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
