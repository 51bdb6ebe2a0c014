"""The desk: Wagtail's addresses, but one way to sign in and out, ours."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path
from django.views.generic import RedirectView
from wagtail.admin import urls as wagtail_desk
from wagtail.admin.auth import require_admin_access

from broadsheet.accounts.views import SignOutView
from broadsheet.stories.desk.account import OwnSettingsView


def nowhere(request: HttpRequest) -> HttpResponse:
    """In place of Wagtail's pages that show what a fault looks like."""
    raise Http404


urlpatterns = [
    path("login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("logout/", SignOutView.as_view()),  # Wagtail's takes the cookie away on a GET too, from whatever site it comes
    path("account/", require_admin_access(OwnSettingsView.as_view())),
    path("failwhale/", nowhere),
    path("test404/", nowhere),
    path("password_reset/", RedirectView.as_view(pattern_name="account_reset_password")),
    path("", include(wagtail_desk)),
]
