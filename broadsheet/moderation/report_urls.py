"""Reporting a comment, at the front of the site: these addresses are for everybody."""

from __future__ import annotations

from django.urls import path

from broadsheet.moderation import own_reports, views

urlpatterns = [
    path("comments/<int:pk>/report/", views.report, name="comment_report"),
    path("reports/<slug:token>/", views.receipt, name="report_receipt"),
    path("me/reports/", own_reports.my_reports, name="my_reports"),
]
