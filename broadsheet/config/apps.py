"""Names this app to Django, has changed settings kept after `migrate`, and adds to `check --deploy`."""

from __future__ import annotations

import gc

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate


class App(AppConfig):
    name = "broadsheet.config"
    label = "config"

    def ready(self) -> None:
        gc.freeze()  # classes and models are no rubbish: nobody's request waits while they are looked through
        gc.enable()
        from broadsheet.config import checks, recording

        register(checks.production, Tags.security, deploy=True)
        post_migrate.connect(recording.record, sender=self, dispatch_uid="config.recording")
