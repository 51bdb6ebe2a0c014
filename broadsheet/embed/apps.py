"""Names this app to Django."""

from __future__ import annotations

from django.apps import AppConfig


class App(AppConfig):
    name = "broadsheet.embed"
    label = "embed"

    def ready(self) -> None:
        """Hear from Django that somebody signs out."""
        from django.contrib.auth.signals import user_logged_out

        from broadsheet.embed import handing_over

        user_logged_out.connect(handing_over.signed_out, dispatch_uid="embed.signed_out")
