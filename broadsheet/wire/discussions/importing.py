"""`broadsheet import disqus|wordpress|coral|discussions`: what readers wrote under a paper's stories elsewhere."""

from __future__ import annotations

import os
import zoneinfo
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import CommandError

from broadsheet.accounts.models import Reader
from broadsheet.core.refusals import Refused
from broadsheet.wire.discussions import archives, coral, disqus, own_format, wordpress
from broadsheet.wire.discussions.actions import Wishes, bring_discussions
from broadsheet.wire.discussions.found import Found, UnreadableFile
from broadsheet.wire.discussions.report import Brought
from broadsheet.wire.files import opened_for_its_owner

FORMATS = {
    "disqus": "Disqus's export (XML, also gzipped)",
    "wordpress": "WordPress's export (WXR, also gzipped or zipped)",
    "coral": "a folder with users.csv, stories.csv and comments.csv",
    "discussions": "what `broadsheet export discussions` wrote",
}
_SYSTEMS = {"disqus": "Disqus", "wordpress": "WordPress", "coral": "Coral", "discussions": "Broadsheet"}


def add_arguments(parser: ArgumentParser) -> None:
    """The file, and what becomes of it."""
    parser.add_argument("file", type=Path, help="the file or folder")
    parser.add_argument("--make-stories", action="store_true", help="make the stories that are not here yet")
    parser.add_argument("--place", default="", help="the dateline's place of stories that name none (wordpress)")
    parser.add_argument("--accounts", action="store_true", help="make accounts where an address is in the file")
    parser.add_argument("--moderator", default="", help="in whose name the banned are banned: an e-mail address")
    parser.add_argument("--zone", default="", help="the zone of moments that stand there in local time only")
    parser.add_argument("--limit-errors", type=int, help="stop when more records than that were refused")
    parser.add_argument("--refused", type=Path, help="write what was refused, and why, to this file")


def run(options: dict[str, Any], say: Callable[[str], object]) -> None:
    """Bring the discussions in and say what became of them. Raises CommandError; what was taken by then stays."""
    file = options["file"]
    wishes = Wishes(
        dry_run=options["dry_run"],
        make_stories=options["make_stories"],
        accounts=options["accounts"],
        moderator=_moderator(options["moderator"]),
        section=options["section"],
        place=options["place"],
    )
    with ExitStack() as stack:
        refused = stack.enter_context(_written(options["refused"])) if options["refused"] else None
        brought = Brought(_SYSTEMS[options["format"]], refused, options["limit_errors"])
        try:
            found, source = stack.enter_context(_found(options["format"], file, _zone(options["zone"])))
            bring_discussions(found=found, source=source, wishes=wishes, brought=brought)
        except UnreadableFile as fault:
            raise CommandError(f"{file} was not imported: {fault}.") from None
        except Refused as refusal:
            raise CommandError(f"{file} was not imported to its end. {refusal.sentence}") from None
    if brought.fault and brought.is_empty:
        raise CommandError(f"{file} was not imported: {brought.fault}.")
    for line in brought.lines():
        say(line)
    if brought.fault:
        taken = "What stood before that was taken" if brought.has_taken else "Nothing of it was taken"
        taken = "It is what an import would do, and nothing was changed" if wishes.dry_run else taken
        raise CommandError(f"{file} was not brought in to its end: {brought.fault}. {taken}.")


@contextmanager
def _found(kind: str, file: Path, zone: zoneinfo.ZoneInfo | None) -> Iterator[tuple[Iterator[Found], str]]:
    """What the format's reader finds, and under which name its numbers are kept."""
    if kind == "coral":
        yield coral.read(file), coral.SOURCE
        return
    source = disqus.SOURCE if kind == "disqus" else ""
    if kind == "wordpress":
        with archives.opened(file) as stream:
            source = wordpress.source_of(wordpress.site_of(stream))
    with archives.opened(file) as stream:
        if kind == "disqus":
            yield disqus.read(stream), source
        elif kind == "wordpress":
            yield wordpress.read(stream, zone), source
        else:
            yield own_format.read(stream), ""


def _zone(name: str) -> zoneinfo.ZoneInfo | None:
    try:
        return zoneinfo.ZoneInfo(name) if name else None
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        raise CommandError(f"There is no zone {name}: name one like America/New_York.") from None


def _moderator(email: str) -> Reader | None:
    if not email:
        return None
    found = Reader.objects.filter(email__iexact=email).first()
    if found is None or not found.is_moderator:
        raise CommandError(f"{email} is the address of no moderator here.")
    return found


@contextmanager
def _written(file: Path) -> Iterator[TextIO]:
    """A file that only its owner can read."""
    opened = opened_for_its_owner(file)
    try:
        with os.fdopen(opened, "w", encoding="utf-8") as writing:
            yield writing
    except OSError as fault:
        if fault.filename:  # another file's, which says for itself what it is
            raise
        raise CommandError(f"{file} could not be written to its end ({fault.strerror or fault}).") from None
