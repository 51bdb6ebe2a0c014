"""Notices, statements of reasons, appeals and the transparency report, at the front of the site."""

from __future__ import annotations

from django.urls import path

from broadsheet.legal import public_views, views

urlpatterns = [
    path("comments/<int:pk>/notice/", views.comment_notice, name="comment_notice"),
    path("notices/new/", views.new_notice, name="new_notice"),
    path("notices/<slug:token>/", views.notice, name="notice"),
    path("notices/<slug:token>/appeal/", views.notice_appeal, name="notice_appeal"),
    path("reports/<slug:token>/appeal/", views.report_appeal, name="report_appeal"),
    path("statements/<slug:token>/", views.statement, name="statement"),
    path("statements/<slug:token>/appeal/", views.statement_appeal, name="statement_appeal"),
    path("appeals/<slug:token>/", views.appeal, name="appeal"),
    path("me/statements/", views.my_statements, name="my_statements"),
    path("transparency/", public_views.transparency, name="transparency"),
    path("transparency/<slug:period>/", public_views.period, name="transparency_period"),
    path("transparency/<slug:period>/figures.csv", public_views.period_sheet, name="transparency_sheet"),
]
