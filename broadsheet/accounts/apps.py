"""Names this app to Django."""

from __future__ import annotations

from django.apps import AppConfig


class App(AppConfig):
    name = "broadsheet.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Hear from Django and allauth, whose way of telling others is a signal; among ourselves we call functions."""
        from allauth.account.signals import authentication_step_completed, email_confirmed
        from allauth.mfa.signals import authenticator_added
        from django.contrib.auth.signals import user_logged_in

        from broadsheet.accounts import signing_in

        user_logged_in.connect(signing_in.begin_session, dispatch_uid="accounts.begin_session")
        authentication_step_completed.connect(signing_in.showed_again, dispatch_uid="accounts.showed_again")
        email_confirmed.connect(signing_in.address_confirmed, dispatch_uid="accounts.address_confirmed")
        authenticator_added.connect(signing_in.factor_added, dispatch_uid="accounts.factor_added")
