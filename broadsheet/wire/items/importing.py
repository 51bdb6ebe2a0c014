"""`broadsheet import ninjs|newsml-g2`: stories as agencies and other newsrooms send them."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from broadsheet.core import xml
from broadsheet.core.refusals import Refused
from broadsheet.wire.files import bytes_of
from broadsheet.wire.items import newsml_g2_reading, ninjs_reading, reading_json, report
from broadsheet.wire.items.actions import import_item
from broadsheet.wire.items.arrival import Orders
from broadsheet.wire.items.item import UnreadableItem

FORMATS = {"ninjs": "items in IPTC's ninjs, 1.x to 3.x", "newsml-g2": "items in IPTC's NewsML-G2"}
_READERS = {
    "ninjs": (ninjs_reading.read, reading_json.MOST_BYTES),
    "newsml-g2": (newsml_g2_reading.read, xml.MOST_BYTES),
}


def add_arguments(parser: ArgumentParser) -> None:
    """The files, and what becomes of them."""
    parser.add_argument("files", type=Path, nargs="+", metavar="file", help="the files")
    parser.add_argument("--publish", action="store_true", help="publish what lacks nothing; else all are drafts")
    parser.add_argument("--pictures", type=Path, help="the folder of the items' pictures; else that of the file")


def run(options: dict[str, Any], say: Callable[[str], object]) -> None:
    """Import each file. Raises CommandError with a sentence for each item that could not be."""
    if options["pictures"] and not options["pictures"].is_dir():
        raise CommandError(f"--pictures names {options['pictures']}, which is no folder.")
    faults = [fault for file in options["files"] for fault in _import(file, options, say)]
    if faults:
        raise CommandError("\n".join(faults))


def _import(file: Path, options: dict[str, Any], say: Callable[[str], object]) -> Iterator[str]:
    read, most = _READERS[options["format"]]
    try:
        items = read(bytes_of(file, most))
    except UnreadableItem as fault:
        yield f"{file} was not imported. {fault}"
        return
    orders = Orders(
        section=options["section"],
        publish=options["publish"],
        pictures=options["pictures"] or file.parent,
        dry_run=options["dry_run"],
    )
    for item in items:
        try:
            for line in report.lines(import_item(item, orders)):
                say(line)
        except Refused as refusal:
            yield f"{file}: the item {item.uri[:200]} was not imported. {refusal.sentence}"
