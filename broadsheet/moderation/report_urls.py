"""Reporting a comment, and the public log, at the front of the site: these addresses are for everybody."""

from __future__ import annotations

from django.urls import path

from broadsheet.moderation import own_reports, views
from broadsheet.moderation.overview.views import log_page
from broadsheet.moderation.people import own_views

urlpatterns = [
    path("comments/<int:pk>/report/", views.report, name="comment_report"),
    path("reports/<slug:token>/", views.receipt, name="report_receipt"),
    path("me/reports/", own_reports.my_reports, name="my_reports"),
    path("moderation-log/", log_page, name="moderation_log"),
    path("me/standing/", own_views.my_standing, name="my_standing"),
]
