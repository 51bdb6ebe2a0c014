"""`flush` empties the whole newsroom: the one act before which the guard over decisions steps aside."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import flush
from django.db import connections

from broadsheet.moderation import guard


class Command(flush.Command):
    """Django's own, with the guard down while the stories and comments go that the decisions were about."""

    def handle(self, **options: Any) -> None:
        if options["interactive"]:
            self._ask(options["database"])
        with guard.lifted(connections[options["database"]]):
            super().handle(**{**options, "interactive": False})

    def _ask(self, database: str) -> None:
        self.stdout.write(
            f"This deletes every row in {connections[database].settings_dict['NAME']!r} for ever: "
            "stories, comments, accounts, and the record of every decision."
        )
        if input("Type 'yes' to go on: ") != "yes":
            raise CommandError("Nothing was deleted.")
