"""Names this app to Django: notices of illegal content, statements of reasons, appeals, holds, transparency."""

from __future__ import annotations

from django.apps import AppConfig


class App(AppConfig):
    name = "broadsheet.legal"
    label = "legal"
