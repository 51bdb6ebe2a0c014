"""`broadsheet statements export`: statements of reasons in the shape of the Commission's transparency database."""

from __future__ import annotations

from argparse import ArgumentTypeError
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from broadsheet.core import clock
from broadsheet.legal import export


class Command(BaseCommand):
    """Writes the statements of a period into a file, or to standard output."""

    help = "Export statements of reasons as the EU's transparency database takes them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=["export"])
        parser.add_argument("--from", dest="start", type=_day, required=True, help="the first day, as 2026-07-01")
        parser.add_argument("--until", dest="end", type=_day, required=True, help="the last day, as 2026-12-31")
        parser.add_argument("--format", dest="how", choices=["jsonl", "csv"], default="jsonl")
        parser.add_argument("--out", help="the file to write; standard output without it")

    def handle(self, *args: Any, **given: Any) -> None:
        start = datetime.combine(given["start"], time(), tzinfo=clock.newsroom_zone())
        end = datetime.combine(given["end"] + timedelta(days=1), time(), tzinfo=clock.newsroom_zone())
        if end <= start:
            raise CommandError("The last day must not be before the first.")
        rows = export.between(start, end)
        written = export.table(rows) if given["how"] == "csv" else b"".join(export.lines(rows))
        if given["out"]:
            Path(given["out"]).write_bytes(written)
        else:
            self.stdout.write(written.decode("utf-8-sig"), ending="")


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise ArgumentTypeError(f"{written} is no day; write it as 2026-12-31.") from None
