"""`broadsheet import FORMAT FILE`: bring old pages, others' items and whole discussions into the newsroom."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from broadsheet.wire.discussions import importing as discussions
from broadsheet.wire.items import importing as items
from broadsheet.wire.pages import importing as pages

FAMILIES = (pages, items, discussions)  # each: FORMATS, add_arguments, run


class Command(BaseCommand):
    help = "Import stories and discussions (docs/importing.md, docs/wire.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        formats = parser.add_subparsers(dest="format", required=True, metavar="format", help="what kind of file it is:")
        for family in FAMILIES:
            for name, what in family.FORMATS.items():
                own = formats.add_parser(name, help=what, description=f"Import {what}.")
                own.add_argument("--section", default="", help="where a new story goes, made if it is not there")
                own.add_argument("--dry-run", action="store_true", help="print the report and change nothing")
                family.add_arguments(own)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["dry_run"]:
            self.stdout.write("Nothing was changed; this is what an import would do.")
        family = next(family for family in FAMILIES if options["format"] in family.FORMATS)
        try:
            family.run(options, self.stdout.write)
        except KeyboardInterrupt:
            stays = "nothing was changed" if options["dry_run"] else "what had come in stays; the same again goes on"
            raise CommandError(f"Stopped; {stays}.", returncode=130) from None
