"""Names this app to Django: telling other systems, and moderators by mail."""

from __future__ import annotations

from django.apps import AppConfig


class App(AppConfig):
    name = "broadsheet.webhooks"
    label = "webhooks"
