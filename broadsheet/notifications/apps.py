"""Names this app to Django."""

from __future__ import annotations

from django.apps import AppConfig


class App(AppConfig):
    name = "broadsheet.notifications"
    label = "notifications"
