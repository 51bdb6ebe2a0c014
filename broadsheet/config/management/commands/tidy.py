"""`broadsheet tidy`: forget what our clocks say is to be forgotten (docs/your-data.md)."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from broadsheet.core.tidying import tidy


class Command(BaseCommand):
    """Runs every retention clock; `broadsheet serve` does it daily by itself."""

    help = (
        "Forget what is kept for a time only: addresses, old words, used tokens, exports; delete accounts that are due."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for what, number in tidy().items():
            self.stdout.write(f"{number} {what}.")
