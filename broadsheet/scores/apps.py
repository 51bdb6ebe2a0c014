"""Names this app to Django: what the scorer says of comments, and what the newsroom does with it."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class App(AppConfig):
    name = "broadsheet.scores"
    label = "scores"

    def ready(self) -> None:
        for name in ("grounds", "picks"):
            import_module(f"broadsheet.scores.{name}")  # add their words to moderation.grounds
