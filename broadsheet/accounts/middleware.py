"""The doors of the newsroom's own pages, and of the account pages for guests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from broadsheet.accounts import rules
from broadsheet.accounts.models import Reader
from broadsheet.accounts.sessions import hold_to_staff_limits
from broadsheet.core.framing import FRAMED
from broadsheet.core.middleware import wants_json

ACCOUNTS = "/accounts/"
OWN_PAGES = "/me/"


class Doors:
    """Staff show their second factor before they enter; guests have no account to look after, but may make one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        if request.path.startswith((*settings.STAFF_PATHS, ACCOUNTS, OWN_PAGES)):
            _leave_framed_session_outside(request)
        if request.path.startswith(settings.STAFF_PATHS):
            return self._staff(request)
        if request.path.startswith(ACCOUNTS):
            _leave_guest_outside(request)
        return None

    def _staff(self, request: HttpRequest) -> HttpResponse | None:
        person = request.user
        if not isinstance(person, Reader) or not rules.works_here(person):
            return None  # each page turns them away in its own words
        hold_to_staff_limits(request)
        if rules.needs_second_factor(person):
            sentence = _("The newsroom's pages need a second factor besides your password. Please set one up.")
            return _lead(request, reverse("mfa_index"), sentence)
        if settings.STAFF_SECOND_FACTOR and not showed_second_factor(request, person):
            return _lead(
                request, factor_page(person), _("Please show your second factor to enter the newsroom's pages.")
            )
        return None


def showed_second_factor(request: HttpRequest, person: Reader) -> bool:
    """Whether this session was signed in with, or has been shown, an authenticator of this person."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, person))


def factor_page(person: Reader) -> str:
    """Where somebody shows a second factor: an app's code, or else a passkey."""
    name = "mfa_reauthenticate" if rules.has_authenticator_app(person) else "mfa_reauthenticate_webauthn"
    return reverse(name)


def _lead(request: HttpRequest, address: str, sentence: str) -> HttpResponse:
    """To a page, where somebody opens one; a form or a script is refused and told where to go."""
    back = request.get_full_path() if request.method in {"GET", "HEAD"} else request.path
    address = f"{address}?{urlencode({'next': back})}"
    if wants_json(request):
        return JsonResponse({"refused": sentence, "sign_in": address}, status=403)
    if request.method in {"GET", "HEAD"}:
        messages.info(request, sentence)
        return HttpResponseRedirect(address)
    return render(request, "core/refused.html", {"sentence": sentence}, status=403)


def _leave_framed_session_outside(request: HttpRequest) -> None:
    """A session begun in a frame speaks in discussions: who sends it to another page of ours is signed out there."""
    if request.session.get(FRAMED):
        request.user = AnonymousUser()


def _leave_guest_outside(request: HttpRequest) -> None:
    """A guest who comes to sign in or up does so as anybody else: their visit ends when they send the form."""
    person = request.user
    if not isinstance(person, Reader) or not person.is_guest or request.path == reverse("account_logout"):
        return
    if request.method == "POST":
        logout(request)
    else:
        request.user = AnonymousUser()
