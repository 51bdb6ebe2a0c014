"""Addresses of what other sites hold of our discussions, and of the scripts they name."""

from __future__ import annotations

from django.urls import include, path

from broadsheet.embed import scripts, views

urlpatterns = [
    path("loader.js", scripts.loader, name="embed_loader"),
    path("at/", views.at, name="embed_at"),
    path("open/", views.open_page, name="embed_open"),
    path("stories/<row:pk>/", views.story, name="embed_story"),
    path("sign-in/", views.sign_in, name="embed_sign_in"),
    path("session/", views.session, name="embed_session"),
    path("", include("broadsheet.embed.framed_urls")),
]
