"""`broadsheet createadmin`: an administrator's account, typed at the terminal or piped in."""

from __future__ import annotations

import getpass
import sys
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from broadsheet.accounts.models import Reader
from broadsheet.accounts.names import checked_name, kept_for_the_newsroom
from broadsheet.accounts.rules import is_name_taken
from broadsheet.core import clock
from broadsheet.core.refusals import Refused


class Command(BaseCommand):
    """Makes an account that may do everything, at the desk and in moderation."""

    help = "Make an administrator's account; asks for what is not given."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", help="their e-mail address, with which they sign in")
        parser.add_argument("--name", help="their name, as shown beside what they write")
        parser.add_argument(
            "--password-stdin", action="store_true", help="read the password from standard input, one line"
        )

    def handle(self, *args: Any, **given: Any) -> None:
        email = checked_email(given["email"] or self._ask("E-mail address: "))
        name = checked_free_name(given["name"] or self._ask("Name: "))
        password = sys.stdin.readline().rstrip("\n") if given["password_stdin"] else self._password()
        person = Reader(email=email, name=name)
        try:
            validate_password(password, person)
        except ValidationError as fault:
            raise CommandError(" ".join(fault.messages)) from fault
        Reader.objects.create_superuser(email, name, password)
        self.stdout.write(f"{name} may now sign in at the desk with {email}.")
        if settings.STAFF_SECOND_FACTOR:
            self.stdout.write(
                "The desk asks for a second factor, a passkey or an authenticator app: it is set up at the first "
                f"sign-in, at {settings.SITE_URL}/accounts/methods/."
            )

    def _ask(self, question: str) -> str:
        if not sys.stdin.isatty():
            raise CommandError("Nobody is at the terminal: give --email, --name and --password-stdin.")
        try:
            return input(question)
        except (EOFError, KeyboardInterrupt) as end:
            raise CommandError("Nothing was made.") from end

    def _password(self) -> str:
        if not sys.stdin.isatty():
            raise CommandError("Nobody is at the terminal: give --email, --name and --password-stdin.")
        try:
            password = getpass.getpass("Password (fifteen characters or more): ")
            if getpass.getpass("The same again: ") != password:
                raise CommandError("The two passwords were not the same; nothing was made.")
        except (EOFError, KeyboardInterrupt) as end:
            raise CommandError("Nothing was made.") from end
        return password


def checked_email(email: str) -> str:
    """The address as it is kept. Raises CommandError with the reason."""
    email = Reader.objects.normalize_email(email.strip()).lower()
    try:
        validate_email(email)
    except ValidationError as fault:
        raise CommandError(f"{email!r} is no e-mail address.") from fault
    if Reader.objects.filter(email=email).exists():
        raise CommandError(f"There is an account with the address {email} already.")
    return email


def checked_free_name(name: str) -> str:
    """The name as it is shown. Raises CommandError with the reason."""
    try:
        name = checked_name(name)
    except Refused as fault:
        kept = kept_for_the_newsroom(name)  # an administrator's name too: "Ada Editor" could be anybody's
        raise CommandError(fault.sentence + (f" (What is kept is “{kept}”.)" if kept else "")) from fault
    if is_name_taken(name, clock.now()):
        raise CommandError(f"There is an account with the name {name}, or one too like it, already.")
    return name
