"""Names this app to Django."""

from __future__ import annotations

from django.apps import AppConfig


class App(AppConfig):
    name = "broadsheet.notifications"
    label = "notifications"

    def ready(self) -> None:
        """Hear from Django that somebody signs out."""
        from django.contrib.auth.signals import user_logged_out

        from broadsheet.notifications import push_views

        user_logged_out.connect(push_views.signed_out, dispatch_uid="notifications.signed_out")
