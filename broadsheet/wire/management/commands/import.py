"""`broadsheet import page-text|ninjs|newsml-g2 FILE…`: bring old pages and others' items into the newsroom."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from broadsheet.core import clock, xml
from broadsheet.core.refusals import Refused
from broadsheet.wire import item_report, newsml_g2_reading, ninjs_reading, page_text, reading_json, report
from broadsheet.wire.actions import import_page
from broadsheet.wire.arrival import Orders
from broadsheet.wire.item import UnreadableItem
from broadsheet.wire.item_actions import import_item

READERS = {"ninjs": ninjs_reading.read, "newsml-g2": newsml_g2_reading.read}
MOST_BYTES = {
    "page-text": page_text.MOST_BYTES,
    "ninjs": reading_json.MOST_BYTES,
    "newsml-g2": xml.MOST_BYTES,
}


class Command(BaseCommand):
    help = (
        "Import published pages or items of a wire: page-text is the plain text of a page, as a reader saw it "
        "(docs/importing.md); ninjs and newsml-g2 are IPTC's formats (docs/wire.md)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("format", choices=sorted(MOST_BYTES), help="what kind of file it is")
        parser.add_argument("files", type=Path, nargs="+", metavar="file", help="the files")
        parser.add_argument("--section", default="", help="where a new story goes, made if it is not there")
        parser.add_argument("--publish", action="store_true", help="publish items that lack nothing; not for page-text")
        parser.add_argument("--pictures", type=Path, help="the folder of items' pictures; else that of the file")
        parser.add_argument("--dry-run", action="store_true", help="print the report and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        kind, files = options["format"], options["files"]
        if kind == "page-text" and (options["publish"] or options["pictures"]):
            raise CommandError("page-text takes neither --publish nor --pictures.")
        if options["pictures"] and not options["pictures"].is_dir():
            raise CommandError(f"--pictures names {options['pictures']}, which is no folder.")
        if options["dry_run"]:
            self.stdout.write("Nothing was changed; this is what an import would do.")
        faults = [fault for file in files for fault in self._import(kind, file, options)]
        if faults:
            raise CommandError("\n".join(faults))

    def _import(self, kind: str, file: Path, options: dict[str, Any]) -> Iterator[str]:
        """Import a file; what could not be, in sentences."""
        try:
            data = _bytes(file, MOST_BYTES[kind])
            if kind == "page-text":
                self._import_page(data, options)
                return
            items = READERS[kind](data)
        except (page_text.UnreadablePage, UnreadableItem) as fault:
            yield f"{file} was not imported. {fault}"
            return
        except Refused as refusal:
            yield f"{file} was not imported. {refusal.sentence}"
            return
        orders = Orders(
            section=options["section"],
            publish=options["publish"],
            pictures=options["pictures"] or file.parent,
            dry_run=options["dry_run"],
        )
        for item in items:
            try:
                for line in item_report.lines(import_item(item, orders)):
                    self.stdout.write(line)
            except Refused as refusal:
                yield f"{file}: the item {item.uri[:200]} was not imported. {refusal.sentence}"

    def _import_page(self, data: bytes, options: dict[str, Any]) -> None:
        page = page_text.read(data, clock.newsroom_zone())
        imported = import_page(page, section=options["section"], dry_run=options["dry_run"])
        for line in report.lines(page, imported):
            self.stdout.write(line)


def _bytes(file: Path, most: int) -> bytes:
    """The file's bytes, and never more than one over what it may have."""
    try:
        if not file.exists():
            raise CommandError(f"{file} was not imported: there is no such file.")
        if not file.is_file():
            raise CommandError(f"{file} was not imported: it is no file, but a folder or a device.")
        with file.open("rb") as opened:
            return opened.read(most + 1)
    except (OSError, ValueError) as fault:
        reason = fault.strerror if isinstance(fault, OSError) else fault
        raise CommandError(f"{file} was not imported: it cannot be read ({reason}).") from None
