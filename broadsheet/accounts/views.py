"""Signing out, names, sessions, and leaving for a provider; the rest is allauth's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.logout import logout
from allauth.account.models import EmailAddress
from allauth.account.stages import EmailVerificationStage, LoginStageController
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import ConfirmEmailVerificationCodeView, EmailView, LogoutView, PasswordSetView
from allauth.core.internal.httpkit import authenticated_user
from allauth.mfa.base.views import IndexView
from allauth.mfa.webauthn.internal import auth
from allauth.mfa.webauthn.views import AddWebAuthnView
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from allauth.usersessions.views import ListUserSessionsView
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.generic.base import TemplateView, View
from django.views.generic.edit import FormView

from broadsheet.accounts.actions import rename
from broadsheet.accounts.browsers import browser_of
from broadsheet.accounts.forms import NewNameForm
from broadsheet.accounts.rules import NAME_REST, needs_second_factor, why_not_rename
from broadsheet.accounts.sessions import unmark
from broadsheet.core import clock
from broadsheet.core.refusals import Unacceptable

# What comes of a provider that is away (every fault of the network is an OSError), or answers what no provider should.
UNUSABLE = (OAuth2Error, OSError, KeyError, TypeError, ValueError)


class SignOutView(LogoutView):
    """Ends the session, and tells this browser's scripts that nobody is signed in."""

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response: HttpResponse = super().post(request, *args, **kwargs)
        unmark(response)
        return response


class AddressCodeView(ConfirmEmailVerificationCodeView):
    """Prove an address by the code sent to it, while signing up or signed in.

    Where an address has an account already, the page pretends that a code was sent, and it must end where the true one
    ends: allauth's own goes on after the sign-up was given up, and tells by it.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_anonymous and not LoginStageController.enter(request, EmailVerificationStage.key):
            return redirect("account_login")
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response


class AddressView(EmailView):
    """Change one's address. What only stands for one where a publisher told none is nothing to show or to prove."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        reader = authenticated_user(request)
        if not reader.mail_address:  # allauth has just taken it for an address
            EmailAddress.objects.filter(user=reader, email=reader.email).delete()
        response: HttpResponse = super().get(request, *args, **kwargs)
        return response


class SignInAgainView(LoginRequiredMixin, TemplateView):
    """For who has neither password nor second factor: signing in anew shows who they are, before something matters."""

    template_name = "account/sign_in_again.html"

    def get_context_data(self, **facts: Any) -> dict[str, Any]:
        return super().get_context_data(next=get_next_redirect_url(self.request), **facts)

    def post(self, request: HttpRequest) -> HttpResponse:
        following = get_next_redirect_url(request)
        logout(request, show_message=False)
        query = f"?{urlencode({'next': following})}" if following else ""
        response = redirect(f"{reverse('account_login')}{query}")
        unmark(response)
        return response


@method_decorator(reauthentication_required(app="allauth.account"), name="dispatch")
class FirstPasswordView(PasswordSetView):
    """A first password, for who has signed in lately."""


class NameView(LoginRequiredMixin, FormView[NewNameForm]):
    """Change one's display name; what has been written keeps the name it was written under."""

    template_name = "account/name.html"
    form_class = NewNameForm
    success_url = reverse_lazy("my_name")

    def get_context_data(self, **facts: Any) -> dict[str, Any]:
        reader = authenticated_user(self.request)
        why_not = why_not_rename(reader, clock.now())
        former = reader.name_changes.order_by("-at")
        return super().get_context_data(why_not=why_not, former=former, rest_days=NAME_REST.days, **facts)

    def form_valid(self, form: NewNameForm) -> HttpResponse:
        try:
            rename(reader=authenticated_user(self.request), name=form.cleaned_data["name"])
        except Unacceptable as refusal:
            form.add_error("name", refusal.sentence)
            return self.form_invalid(form)
        messages.success(self.request, _("Your name is changed."))
        return super().form_valid(form)


class SessionsView(ListUserSessionsView):
    """Where one is signed in; each session can be ended, or all but this one."""

    def get_context_data(self, **facts: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_context_data(**facts)
        found["sessions"] = [(session, browser_of(session.user_agent)) for session in found["sessions"]]
        return found

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "end" not in request.POST:
            response: HttpResponse = super().post(request, *args, **kwargs)
            return response
        number = request.POST["end"]
        session = get_object_or_404(UserSession, user=request.user, pk=number if number.isdecimal() else 0)
        end_sessions(request, [session])
        if not request.user.is_authenticated:
            return unmarked(redirect("account_login"))
        messages.success(request, _("That session has ended."))
        return redirect("usersessions_list")


def unmarked(response: HttpResponse) -> HttpResponse:
    unmark(response)
    return response


class MethodsView(IndexView):
    """All that signs somebody in: address, password, second factor, accounts elsewhere, sessions."""

    def get_context_data(self, **facts: Any) -> dict[str, Any]:
        facts["required"] = needs_second_factor(authenticated_user(self.request))
        facts["offers_providers"] = bool(get_adapter().list_providers(self.request))
        found: dict[str, Any] = super().get_context_data(**facts)
        return found


class AddPasskeyView(AddWebAuthnView):
    """A new passkey: kept by the device that makes it, and unlocked by its owner there."""

    def get_context_data(self, **facts: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_context_data(**facts)
        found["js_data"] = {"creation_options": auth.begin_registration(self.request.user, True)}
        return found


def back_from(name: str, callback: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """allauth's view for who comes back from a provider; it takes for granted that it is set, and makes sense."""

    def view(request: HttpRequest) -> HttpResponse:
        try:
            chosen = get_adapter().get_provider(request, name)
        except SocialApp.DoesNotExist:
            raise Http404 from None
        try:
            return callback(request)
        except UNUSABLE as fault:
            return _unusable(request, chosen, fault)

    return view


def _unusable(request: HttpRequest, provider: Any, fault: Exception) -> HttpResponse:
    response: HttpResponse = render_authentication_error(request, provider, exception=fault)
    return response


class LeaveView(View):
    """Go to a provider and sign in there, or connect an account of theirs.

    A form may send its answer to this site alone (form-action), so the way out is a page that leads there.
    """

    def get(self, request: HttpRequest, provider: str) -> HttpResponse:
        return redirect("account_login")

    def post(self, request: HttpRequest, provider: str) -> HttpResponse:
        try:
            chosen = get_adapter().get_provider(request, provider)
        except SocialApp.DoesNotExist:
            raise Http404 from None
        connecting = request.POST.get("process") == "connect"
        if connecting and not request.user.is_authenticated:
            return redirect("account_login")
        process = "connect" if connecting else "login"
        try:
            answer: HttpResponse = chosen.redirect(request, process, next_url=get_next_redirect_url(request))
        except UNUSABLE as fault:
            return _unusable(request, chosen, fault)
        if not isinstance(answer, HttpResponseRedirect):
            return answer
        return render(request, "socialaccount/leaving.html", {"address": answer.url, "provider": chosen})
