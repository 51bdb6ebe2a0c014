"""Names this app to Django, and sets up the newsroom's groups after the first `migrate`."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class App(AppConfig):
    name = "broadsheet.stories"
    label = "stories"

    def ready(self) -> None:
        from broadsheet.stories.groups import after_migrate

        post_migrate.connect(after_migrate)
