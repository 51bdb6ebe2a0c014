"""`broadsheet forgetfactors EMAIL`: for somebody who has lost their phone, their passkeys and their recovery codes."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError, CommandParser

from broadsheet.accounts.models import Reader


class Command(BaseCommand):
    """Takes every second factor from an account; its owner signs in by password or code and sets up new ones."""

    help = "Take the second factors from an account whose owner has lost them. Make sure first that it is they who ask."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the account's e-mail address")

    def handle(self, *args: Any, **given: Any) -> None:
        reader = Reader.objects.filter(email=given["email"].strip().lower()).first()
        if reader is None:
            raise CommandError(f"No account has the address {given['email']}.")
        count, _each = Authenticator.objects.filter(user=reader).delete()
        self.stdout.write(f"{reader.name} had {count} second factors and recovery codes, and has none now.")
