"""Addresses of what other sites hold of our discussions, and of the scripts they name."""

from __future__ import annotations

from django.urls import include, path

from broadsheet.embed import counts, quoting, scripts, views

urlpatterns = [
    path("loader.js", scripts.loader, name="embed_loader"),
    path("counts.js", scripts.counts, name="embed_counts_script"),
    path("counts.json", counts.counts_json, name="embed_counts"),
    path("at/", views.at, name="embed_at"),
    path("open/", views.open_page, name="embed_open"),
    path("stories/<row:pk>/", views.story, name="embed_story"),
    path("comments/<row:pk>/quote/", quoting.quote, name="embed_quote"),
    path("sign-in/", views.sign_in, name="embed_sign_in"),
    path("session/", views.session, name="embed_session"),
    path("", include("broadsheet.embed.framed_urls")),
]
