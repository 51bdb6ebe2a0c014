"""`broadsheet sso`: which publishers sign their readers in, and what a token of theirs would do."""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from broadsheet.accounts.models import UsedToken
from broadsheet.accounts.publisher.actions import identity_of, known_publishers
from broadsheet.accounts.publisher.keys import Key
from broadsheet.accounts.publisher.tokens import BadToken, Told, read_token
from broadsheet.core import clock


class Command(BaseCommand):
    """Reads a token as the sign-in does, and changes nothing; for those who connect a publisher's site."""

    help = "List the publishers, or read a token from standard input and say what it would do. Nothing is changed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("token", nargs="?", help="a token, or - to read it from standard input")

    def handle(self, *args: Any, **given: Any) -> None:
        if not known_publishers():
            raise CommandError("No publisher signs readers in here: the setting sso_keys names no file.")
        typed = given["token"]
        if not typed:
            self._list()
            return
        if typed == "-":
            typed = sys.stdin.read().strip()
        try:
            told = read_token(typed, known_publishers(), settings.SITE_URL, clock.now())
        except BadToken as fault:
            raise CommandError(f"Refused: {fault}.") from None
        for line in self._said(told):
            self.stdout.write(line)

    def _list(self) -> None:
        self.stdout.write(f"Audience (aud): {settings.SITE_URL}")
        self.stdout.write(f"Tokens are posted to: {settings.SITE_URL}{reverse('publisher_return')}")
        for publisher in known_publishers():
            self.stdout.write(f"\n{publisher.name} ({publisher.issuer})")
            self.stdout.write(f"  signs in at {publisher.sign_in_url}")
            for key in publisher.keys:
                self.stdout.write(f"  key {key.kid}: {key.algorithm}, {self._until(key)}{self._roles(key)}")

    def _until(self, key: Key) -> str:
        if key.not_after is None:
            return "in force"
        word = "retired since" if key.is_retired(clock.now()) else "in force until"
        return f"{word} {key.not_after:%Y-%m-%d %H:%M} UTC"

    def _roles(self, key: Key) -> str:
        mapped = ", ".join(f"{role} -> {group}" for role, group in key.roles.items())
        return f"; roles {mapped}" if mapped else ""

    def _said(self, told: Told) -> list[str]:
        identity = identity_of(told)
        who = f"signs in {identity.reader.name}" if identity else "makes an account, or asks to connect one"
        used = "used already: it would be refused" if UsedToken.objects.filter(pk=told.digest).exists() else "not used"
        stale = identity is not None and told.told_at <= identity.told_at
        return [
            "Good.",
            f"  issuer and subject: {told.issuer} {told.subject}",
            f"  it {who}{' and changes nothing, as a newer token was here' if stale else ''}",
            f"  name: {told.name or 'none, so the reader is asked for one'}",
            f"  e-mail address: {told.email or 'none that is verified'}",
            f"  groups: {', '.join(told.groups) or 'none: a reader like any other'}",
            f"  expert in: {told.expertise or 'nothing is said'}",
            f"  {'with' if told.nonce else 'WITHOUT'} a nonce{'' if told.nonce else ': a browser would be refused'}",
            f"  {used}",
        ]
