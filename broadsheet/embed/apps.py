"""Names this app to Django."""

from __future__ import annotations

from django.apps import AppConfig


class App(AppConfig):
    name = "broadsheet.embed"
    label = "embed"

    def ready(self) -> None:
        """Hear that somebody signs out, or ends a session of theirs from elsewhere."""
        from allauth.usersessions.models import UserSession
        from django.contrib.auth.signals import user_logged_out
        from django.db.models.signals import post_delete

        from broadsheet.embed import handing_over

        user_logged_out.connect(handing_over.signed_out, dispatch_uid="embed.signed_out")
        post_delete.connect(handing_over.was_ended, sender=UserSession, dispatch_uid="embed.was_ended")
