"""Asking somebody to prove anew that they are who they say, before what cannot be undone or gives much away."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from broadsheet.accounts.models import Reader
from broadsheet.accounts.publisher.actions import known_publishers

View = Callable[..., HttpResponseBase]


def proved_recently(request: HttpRequest) -> bool:
    """Whether this session's person has signed in, or proved it again, within the last few minutes."""
    records = get_authentication_records(request, request.user if request.user.is_authenticated else None)
    return bool(records) and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT


def where_to_prove(reader: Reader) -> str | None:
    """The address at which this person can prove who they are; None for one who has nothing to prove it with."""
    if methods := get_adapter().get_reauthentication_methods(reader):
        address: str = methods[0]["url"]
        return address
    issuers = set(reader.publisher_identities.values_list("issuer", flat=True))
    publisher = next((each for each in known_publishers() if each.issuer in issuers), None)
    if publisher:
        return reverse("publisher", args=[publisher.slug])
    return reverse("account_sign_in_again") if SocialAccount.objects.filter(user=reader).exists() else None


def proof_required(view: View) -> View:
    """Lets in only who is signed in and has proved it recently; sends everybody else to do so and back to this page.

    A guest, who has nothing to prove it with, is let in.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not proved_recently(request) and (address := where_to_prove(request.user)):
            return HttpResponseRedirect(f"{address}?{urlencode({'next': request.path})}")
        return view(request, *args, **kwargs)

    return guarded
