"""The desk: Wagtail's addresses, but one way to sign in and out, ours."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from wagtail.admin import urls as wagtail_desk
from wagtail.admin.auth import require_admin_access
from wagtail.images.views.images import preview

from broadsheet.accounts.views import SignOutView
from broadsheet.stories.desk.account import OwnSettingsView


def nowhere(request: HttpRequest) -> HttpResponse:
    """In place of Wagtail's pages that show what a fault looks like."""
    raise Http404


SIDE = "[1-9][0-9]{0,3}"  # pixels: nought is no picture, and five digits would be too much memory
SIZE = f"original|(?:fill|max|min)-{SIDE}x{SIDE}|(?:width|height)-{SIDE}"
PREVIEW = rf"images/(?P<image_id>[0-9]{{1,18}})/preview/(?P<filter_spec>{SIZE})/"

urlpatterns = [
    path("login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("logout/", SignOutView.as_view()),  # Wagtail's takes the cookie away on a GET too, from whatever site it comes
    path("account/", require_admin_access(OwnSettingsView.as_view())),
    path("failwhale/", nowhere),
    path("test404/", nowhere),
    re_path(rf"^{PREVIEW}$", require_admin_access(preview)),
    re_path(r"^images/[0-9]+/preview/", nowhere),  # any other size Wagtail would fail at
    path("password_reset/", RedirectView.as_view(pattern_name="account_reset_password")),
    path("", include(wagtail_desk)),
]
