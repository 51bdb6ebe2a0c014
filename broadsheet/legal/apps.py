"""Names this app to Django: notices of illegal content, statements of reasons, appeals, holds, transparency."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class App(AppConfig):
    name = "broadsheet.legal"
    label = "legal"

    def ready(self) -> None:
        from broadsheet.moderation import guard

        import_module("broadsheet.legal.grounds")  # adds its words to moderation.grounds
        guard.keep("legal_statement", "statement", "puid", "decision_id", "sanction")
