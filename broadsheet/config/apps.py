"""Names this app to Django, and has changed settings kept after `migrate`."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class App(AppConfig):
    name = "broadsheet.config"
    label = "config"

    def ready(self) -> None:
        from broadsheet.config import recording

        post_migrate.connect(recording.record, sender=self, dispatch_uid="config.recording")
