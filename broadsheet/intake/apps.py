"""Names this app to Django: the newsroom's own rules for what comes in."""

from __future__ import annotations

from django.apps import AppConfig


class App(AppConfig):
    name = "broadsheet.intake"
    label = "intake"
