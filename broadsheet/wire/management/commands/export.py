"""`broadsheet export discussions`: take discussions out, whole, for whoever runs the newsroom."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, time
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError

from broadsheet.core import clock, sheets
from broadsheet.stories.addresses import story_at
from broadsheet.stories.models import Section, Story
from broadsheet.wire.discussions import exporting
from broadsheet.wire.files import opened_for_its_owner

FORMATS = {
    "lines": "JSON Lines, with all there is: `broadsheet import discussions` reads it back",
    "coral": "a folder with users.csv, stories.csv and comments.csv",
    "csv": "a sheet with one row a comment",
}
PERSONAL = (
    "What was written is personal data: names, words and numbers of people"
    "{moderation}{addresses}. {where}Delete it when it has served."
)


class Command(BaseCommand):
    help = "Export discussions (docs/importing.md). Formats: " + "; ".join(f"{a}: {b}" for a, b in FORMATS.items())

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["discussions"], help="what to export")
        parser.add_argument("--format", choices=list(FORMATS), default="lines", help="lines, unless you say otherwise")
        parser.add_argument("--section", default="", help="of stories in this section alone")
        parser.add_argument("--since", default="", help="of stories published on that day (2014-02-08) or later")
        parser.add_argument("--story", default="", help="of one story: its number or its address")
        parser.add_argument("--out", type=Path, help="the file, or for coral the folder; else the standard output")
        parser.add_argument("--with-moderation", action="store_true", help="with every decision, its reason and notes")
        parser.add_argument("--with-addresses", action="store_true", help="with the e-mail addresses of accounts")

    def handle(self, *args: Any, **options: Any) -> None:
        asked = exporting.Asked(
            section=_section(options["section"]),
            since=_since(options["since"]),
            story=_story(options["story"]),
            moderation=options["with_moderation"],
            addresses=options["with_addresses"],
        )
        if options["format"] == "coral":
            self._coral(asked, options["out"])
        elif not self._written(asked, options["format"], options["out"]):
            return
        moderation = ", notes of moderators" if options["with_moderation"] else ""
        addresses = ", e-mail addresses" if options["with_addresses"] else ""
        where = "Only your account can read it. " if options["out"] else ""
        self.stderr.write(PERSONAL.format(moderation=moderation, addresses=addresses, where=where))

    def _written(self, asked: exporting.Asked, kind: str, out: Path | None) -> bool:
        """One file; False where whoever read it has read enough."""
        lines = (line.encode() for line in exporting.lines(asked))
        try:
            with _writing(out, self.stdout) as write:
                for data in sheets.pieces(exporting.sheet(asked)) if kind == "csv" else lines:
                    write(data)
        except BrokenPipeError:
            # Or Python writes there once more at its end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return False
        except OSError as fault:
            raise CommandError(f"It was not written to its end ({fault.strerror or fault}).") from None
        return True

    def _coral(self, asked: exporting.Asked, folder: Path | None) -> None:
        if folder is None:
            raise CommandError("Say with --out in which folder the three files are to be.")
        left = [0]
        with ExitStack() as stack:
            try:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            except OSError as fault:
                raise CommandError(f"{folder} cannot be made ({fault.strerror}).") from None
            names = ("users.csv", "stories.csv", "comments.csv")
            files = {name: stack.enter_context(_writing(folder / name, None)) for name in names}
            for name, line in exporting.coral(asked, left):
                files[name](line.encode())
        if left[0]:
            self.stderr.write(f"{left[0]} comments wait for a moderator here; Coral's format has no state for them.")


@contextmanager
def _writing(file: Path | None, out: Any) -> Iterator[Any]:
    """What takes bytes: a file of its owner's alone, or the standard output."""
    if file is None:
        pipe: IO[bytes] | None = getattr(sys.stdout, "buffer", None) if out._out is sys.stdout else None
        yield pipe.write if pipe else lambda data: out.write(data.decode(), ending="")
        return
    opened = opened_for_its_owner(file)
    try:
        with os.fdopen(opened, "wb") as writing:
            yield writing.write
    except OSError as fault:
        raise CommandError(f"{file} was not written to its end ({fault.strerror or fault}); remove it.") from None


def _section(name: str) -> Section | None:
    found = Section.objects.filter(name__iexact=name).first() if name else None
    if name and found is None:
        raise CommandError(f"There is no section {name}.")
    return found


def _since(day: str) -> datetime | None:
    try:
        return datetime.combine(datetime.fromisoformat(day).date(), time(), clock.newsroom_zone()) if day else None
    except ValueError:
        raise CommandError(f"{day} is no day such as 2014-02-08.") from None


def _story(named: str) -> Story | None:
    if not named:
        return None
    found: Story | None = Story.objects.filter(pk=named).first() if named.isdecimal() else story_at(named)
    if found is None:
        raise CommandError(f"There is no story {named}.")
    return found
