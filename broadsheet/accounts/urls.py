"""Signing up, in and out (allauth)."""

from __future__ import annotations

from django.urls import include, path

from broadsheet.accounts.views import SignOutView

urlpatterns = [
    path("logout/", SignOutView.as_view(), name="account_logout"),
    path("", include("allauth.account.urls")),
]
