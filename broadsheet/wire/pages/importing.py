"""`broadsheet import page-text`: published pages, as their readers saw them."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from broadsheet.core import clock
from broadsheet.core.refusals import Refused
from broadsheet.wire.files import bytes_of
from broadsheet.wire.pages import page_text, report
from broadsheet.wire.pages.actions import import_page

FORMATS = {"page-text": "the plain text of pages, as a reader saw them"}


def add_arguments(parser: ArgumentParser) -> None:
    """The files."""
    parser.add_argument("files", type=Path, nargs="+", metavar="file", help="the files")


def run(options: dict[str, Any], say: Callable[[str], object]) -> None:
    """Import each file. Raises CommandError with a sentence for each that could not be."""
    faults = []
    for file in options["files"]:
        try:
            page = page_text.read(bytes_of(file, page_text.MOST_BYTES), clock.newsroom_zone())
            imported = import_page(page, section=options["section"], dry_run=options["dry_run"])
            for line in report.lines(page, imported):
                say(line)
        except page_text.UnreadablePage as fault:
            faults.append(f"{file} was not imported. {fault}")
        except Refused as refusal:
            faults.append(f"{file} was not imported. {refusal.sentence}")
    if faults:
        raise CommandError("\n".join(faults))
