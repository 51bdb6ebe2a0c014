"""Names this app to Django: what the scorer says of comments, and what the newsroom does with it."""

from __future__ import annotations

from django.apps import AppConfig


class App(AppConfig):
    name = "broadsheet.scores"
    label = "scores"
