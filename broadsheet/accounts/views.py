"""Signing out; the rest is allauth's."""

from __future__ import annotations

from allauth.account.views import LogoutView
from django.http import HttpRequest, HttpResponse

from broadsheet.accounts.sessions import unmark


class SignOutView(LogoutView):
    """Ends the session, and tells this browser's scripts that nobody is signed in."""

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response: HttpResponse = super().post(request, *args, **kwargs)
        unmark(response)
        return response
