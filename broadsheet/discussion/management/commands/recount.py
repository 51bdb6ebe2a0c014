"""`broadsheet recount`: proves that the counts of every discussion are true, and mends those that are not."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from broadsheet.discussion.counts import differences, mend, weigh_anew
from broadsheet.discussion.models import Thread


class Command(BaseCommand):
    """Says which counts are wrong. With --check it changes nothing, and its exit status is 1 when one is."""

    help = "Prove the counts of comments, replies, picks, answers, ratings and respect, and mend those that are wrong."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 when a count is wrong")
        parser.add_argument("--merit", action="store_true", help="also ask anew which comments count as contributions")

    def handle(self, *args: Any, **given: Any) -> None:
        if given["merit"] and not given["check"]:
            changed = sum(weigh_anew(thread) for thread in Thread.objects.order_by("pk").values_list("pk", flat=True))
            self.stdout.write(f"Comments judged otherwise than before: {changed}.")
        if not self.prove(only_look=given["check"]) and given["check"]:
            sys.exit(1)

    def prove(self, *, only_look: bool) -> bool:
        """Say which counts are wrong, mend them unless only looking; whether all were right."""
        wrong = list(differences())
        for difference in wrong:
            self.stdout.write(f"{difference}.")
        if not wrong:
            self.stdout.write("Every count is true.")
        elif not only_look:
            threads = sorted({difference.thread for difference in wrong})
            for thread in threads:
                mend(thread)
            self.stdout.write(f"Mended {len(threads)} discussion{'s' if len(threads) > 1 else ''}.")
        return not wrong
