"""Reporting a comment, at the front of the site: these addresses are for everybody."""

from __future__ import annotations

from django.urls import path

from broadsheet.moderation import views

urlpatterns = [
    path("comments/<int:pk>/report/", views.report, name="comment_report"),
    path("reports/<slug:token>/", views.receipt, name="report_receipt"),
]
