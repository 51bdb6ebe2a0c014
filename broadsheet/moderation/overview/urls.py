"""The overview's addresses, below /moderation/."""

from __future__ import annotations

from django.urls import path

from broadsheet.moderation.overview import views

urlpatterns = [
    path("overview/", views.overview, name="overview"),
    path("overview/now/", views.now, name="overview_now"),
    path("blind/", views.blind, name="blind"),
    path("audit/", views.audit_log, name="audit"),
    path("audit/sheet/", views.audit_sheet, name="audit_sheet"),
]
