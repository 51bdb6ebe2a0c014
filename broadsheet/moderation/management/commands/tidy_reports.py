"""`tidy_reports`: forget the addresses of reporters after a day, and settle reports of withdrawn comments."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from broadsheet.core import clock
from broadsheet.moderation.actions import forget_addresses, settle_withdrawn


class Command(BaseCommand):
    help = "Forgets reporters' addresses older than a day and settles reports of withdrawn comments; run it daily."

    def handle(self, *args: Any, **options: Any) -> None:
        forgotten, settled = forget_addresses(clock.now()), settle_withdrawn()
        self.stdout.write(f"Addresses forgotten: {forgotten}. Reports settled: {settled}.")
