"""`broadsheet import page-text FILE`: bring an old page into the newsroom."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from broadsheet.core import clock
from broadsheet.core.refusals import Refused
from broadsheet.wire import page_text, report
from broadsheet.wire.actions import import_page


class Command(BaseCommand):
    help = "Import a published page: page-text is the plain text of one, as a reader saw it (docs/importing.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("format", choices=["page-text"], help="what kind of file it is")
        parser.add_argument("file", type=Path, help="the file")
        parser.add_argument("--section", default="", help="where a new story goes, made if it is not there (Archive)")
        parser.add_argument("--dry-run", action="store_true", help="print the report and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        try:
            page = page_text.read(_bytes(file), clock.newsroom_zone())
            imported = import_page(page, section=options["section"], dry_run=options["dry_run"])
        except page_text.UnreadablePage as fault:
            raise CommandError(f"{file} was not imported. {fault}") from None
        except Refused as refusal:
            raise CommandError(f"{file} was not imported. {refusal.sentence}") from None
        if options["dry_run"]:
            self.stdout.write("Nothing was changed; this is what an import would do.")
        for line in report.lines(page, imported):
            self.stdout.write(line)


def _bytes(file: Path) -> bytes:
    """The file's bytes, and never more than one over what a page may have."""
    try:
        if not file.exists():
            raise CommandError(f"{file} was not imported: there is no such file.")
        if not file.is_file():
            raise CommandError(f"{file} was not imported: it is no file, but a folder or a device.")
        with file.open("rb") as opened:
            return opened.read(page_text.MOST_BYTES + 1)
    except (OSError, ValueError) as fault:
        reason = fault.strerror if isinstance(fault, OSError) else fault
        raise CommandError(f"{file} was not imported: it cannot be read ({reason}).") from None
