"""`broadsheet pushkeys`: makes the key with which browsers know that a push is ours."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from broadsheet.notifications.push import make_key


class Command(BaseCommand):
    """Prints the line that turns notifications to browsers on."""

    help = "Make the key for notifications to browsers (Web Push): a line for broadsheet.toml."

    def handle(self, *args: Any, **given: Any) -> None:
        self.stdout.write(f'push_key = "{make_key()}"')
        self.stderr.write("Put this line into broadsheet.toml. With another key, all browsers have to be asked again.")
