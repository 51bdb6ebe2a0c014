"""The moderators' desk, under /moderation/: every address here is for those who may decide."""

from __future__ import annotations

from django.urls import path

from broadsheet.moderation import clock_views, views

app_name = "moderation"
urlpatterns = [
    path("", views.home, name="home"),
    path("pending/", views.pending, name="pending"),
    path("reported/", views.reported, name="reported"),
    path("decisions/", views.decisions, name="decisions"),
    path("discussions/", clock_views.discussions, name="discussions"),
    path("discussions/<int:pk>/", clock_views.discussion, name="discussion"),
    path("discussions/<int:pk>/comments/", clock_views.talk, name="talk"),
    path("comments/<int:pk>/", views.comment, name="comment"),
    path("comments/<int:pk>/decide/", views.decision, name="decide"),
    path("comments/<int:pk>/pick/", views.picking, name="pick"),
]
