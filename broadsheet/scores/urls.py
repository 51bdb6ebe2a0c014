"""The scorer's page, under /moderation/scorer/: moderators read it, supervisors change how scores are used."""

from __future__ import annotations

from django.urls import path

from broadsheet.scores import views

app_name = "scores"
urlpatterns = [
    path("", views.scorer, name="scorer"),
]
