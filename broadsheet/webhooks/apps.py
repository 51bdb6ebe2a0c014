"""Names this app to Django, and hears from it of rows that other apps make and nobody else is told of."""

from __future__ import annotations

from django.apps import AppConfig, apps
from django.db.models.signals import post_save


class App(AppConfig):
    name = "broadsheet.webhooks"
    label = "webhooks"

    def ready(self) -> None:
        """A table that is not there (yet) tells of nothing."""
        from broadsheet.webhooks import rows

        for label, tell in rows.TOLD.items():
            try:
                model = apps.get_model(label)
            except LookupError:
                continue
            post_save.connect(tell, sender=model, dispatch_uid=f"webhooks.{label}")
