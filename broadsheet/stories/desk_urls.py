"""The desk."""

from __future__ import annotations

from django.urls import include, path
from wagtail.admin import urls as wagtail_desk

urlpatterns = [path("", include(wagtail_desk))]
