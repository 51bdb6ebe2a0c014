"""`broadsheet demo`: an invented town paper to look at."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from broadsheet.core import clock
from broadsheet.core.refusals import Refused
from broadsheet.demo import loading
from broadsheet.demo.cast import ACCOUNTS, DOMAIN, SIGN_IN_WITH


class Command(BaseCommand):
    help = "Load the demo newsroom, once: an invented town paper with conversations under its stories."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--force", action="store_true", help="load it into a newsroom that has stories of its own")

    def handle(self, *args: Any, **options: Any) -> None:
        if loading.is_loaded():
            self.stdout.write("The demo newsroom is there already; nothing was changed.")
        else:
            self.stdout.write("Loading the demo newsroom…")
            self.stdout.flush()
            try:
                stories, comments = loading.load(clock.now(), force=options["force"])
            except Refused as refusal:
                raise CommandError(refusal.sentence) from None
            self.stdout.write(f"Loaded {stories} stories and {comments} comments. Town, people and words are invented.")
        self.stdout.write(f'Sign in with the password "{SIGN_IN_WITH}" as')
        for address, _, _, purpose in ACCOUNTS:
            self.stdout.write(f"  {f'{address}@{DOMAIN}':<30} {purpose}")
