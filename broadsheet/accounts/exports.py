"""A copy of everything we keep of a reader, for them: a ZIP with data.json and a page to read, made by a task.

The shape of data.json is described in docs/your-data.md; whoever changes it raises VERSION.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django_tasks import task

from broadsheet.accounts.export_words import row_words
from broadsheet.accounts.models import Export, Reader
from broadsheet.accounts.sections import Exporter
from broadsheet.core import clock
from broadsheet.core.refusals import Refused, TooSoon

VERSION = 1
KEPT = timedelta(days=7)  # long enough to come back for it; a file that nobody fetched is a risk and no use
MOST_KEPT = 3  # of one reader: with one every ten minutes, a week of them would be a thousand
PAUSE = timedelta(minutes=10)  # between two that were made: each reads everything about its reader
LOST = timedelta(hours=1)  # one that has not come by then will not come: a machine stopped while it was made
ROWS_AT_A_TIME = 200

log = logging.getLogger("broadsheet.accounts.exports")


def state_of(export: Export, now: datetime) -> Export.State:
    """Its state as it is now; one that should long be there has failed, and may be asked for again."""
    if export.state == Export.State.WAITING and export.asked_at < now - LOST:
        return Export.State.FAILED
    return Export.State(export.state)


def why_not_export(reader: Reader, now: datetime) -> Refused | None:
    """Why this reader cannot ask for a copy now; None when they can."""
    last = reader.exports.order_by("-pk").first()
    if last is None or (state := state_of(last, now)) == Export.State.FAILED:
        return None
    if state == Export.State.WAITING:
        return Refused(_("Your copy is being made."))
    if last.asked_at > now - PAUSE:
        wait = int((last.asked_at + PAUSE - now).total_seconds()) + 1
        return TooSoon(_("Your copy was made a moment ago. You can ask for another in a few minutes."), wait)
    return None


def ask_for_export(*, reader: Reader) -> Export:
    """Have a copy made in the background. Raises Refused while one is being made, TooSoon after one just was."""
    with transaction.atomic():
        reader = Reader.objects.select_for_update().get(pk=reader.pk)
        now = clock.now()
        if refusal := why_not_export(reader, now):
            raise refusal
        export = Export.objects.create(reader=reader, asked_at=now)
    make_export.enqueue(export.pk)
    return export


@task()
def make_export(pk: int) -> None:
    """Make the copy that row asks for; it ends ready or failed. A fault is raised, for the queue to note."""
    export = Export.objects.select_related("reader").filter(pk=pk, state=Export.State.WAITING).first()
    if export is None:
        return
    try:
        name = f"{secrets.token_urlsafe(24)}.zip"
        size = write_archive(export.reader, folder() / name)
    except Exception:
        Export.objects.filter(pk=pk).update(state=Export.State.FAILED, finished_at=clock.now())
        raise
    made = Export.objects.filter(pk=pk, state=Export.State.WAITING)
    if not made.update(state=Export.State.READY, finished_at=clock.now(), file_name=name, size=size):
        (folder() / name).unlink()  # its reader's account went while it was made
    for earlier in Export.objects.filter(reader=export.reader_id, pk__lt=pk).order_by("-pk")[MOST_KEPT - 1 :]:
        remove(earlier)


def folder() -> Path:
    """Where the files are: readable for the newsroom's own process alone."""
    where: Path = settings.EXPORTS_DIR
    where.mkdir(mode=0o700, parents=True, exist_ok=True)
    return where


def file_of(export: Export, now: datetime) -> Path | None:
    """The finished file of an export that is still kept; None for every other."""
    if export.state != Export.State.READY or now >= kept_until(export):
        return None
    path = folder() / export.file_name
    return path if path.is_file() else None


def kept_until(export: Export) -> datetime:
    return (export.finished_at or export.asked_at) + KEPT


def remove(export: Export) -> None:
    """Delete an export with its file."""
    if export.file_name:
        (folder() / export.file_name).unlink(missing_ok=True)
    export.delete()


def remove_strays(now: datetime) -> int:
    """Delete files that belong to no export: what a machine was writing when it stopped. How many there were."""
    known = set(Export.objects.exclude(file_name="").values_list("file_name", flat=True))
    old = (now - LOST).timestamp()
    strays = [path for path in folder().iterdir() if path.name not in known and path.stat().st_mtime < old]
    for path in strays:
        path.unlink(missing_ok=True)
    return len(strays)


def write_archive(reader: Reader, path: Path) -> int:
    """Write the whole copy to that path, and nothing there when it fails; its size in bytes."""
    unfinished = path.with_suffix(".part")
    try:
        opened = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(opened, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            made_at = clock.now()
            with archive.open("data.json", "w") as data:
                _write_json(data, reader, made_at)
            with archive.open("index.html", "w") as page:
                _write_page(page, reader, made_at)
            archive.writestr("style.css", _style())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return path.stat().st_size


def exporters() -> Iterator[Exporter]:
    """Every section's function, in the order of the setting."""
    yield from (import_string(path) for path in settings.ACCOUNT_EXPORTS)


def _write_json(file: IO[bytes], reader: Reader, made_at: datetime) -> None:
    """Row by row, so that the longest history fits in memory."""
    facts = {"version": VERSION, "made_at": made_at, "site": settings.SITE_NAME, "address": settings.SITE_URL}
    file.write(_json(facts)[:-1] + b', "sections": {')
    for number, exporter in enumerate(exporters()):
        name, rows = exporter(reader)
        file.write((b",\n" if number else b"\n") + _json(name) + b": [")
        for place, row in enumerate(rows):
            file.write((b",\n " if place else b"\n ") + _json(row))
        file.write(b"]")
    file.write(b"}}\n")


def _json(value: Any) -> bytes:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False).encode()


def _write_page(file: IO[bytes], reader: Reader, made_at: datetime) -> None:
    def write(template: str, **context: Any) -> None:
        file.write(render_to_string(f"accounts/export/{template}.html", context).encode())

    titles = [(exporter.__name__, getattr(exporter, "title", "")) for exporter in exporters()]
    write("_top", reader=reader, made_at=made_at, titles=titles, site_name=settings.SITE_NAME)
    for exporter in exporters():
        name, rows = exporter(reader)
        some = iter(rows)
        first = list(islice(some, ROWS_AT_A_TIME))
        write("_begin", anchor=exporter.__name__, title=getattr(exporter, "title", name), is_empty=not first)
        while first:
            write("_rows", rows=[row_words(row) for row in first])
            first = list(islice(some, ROWS_AT_A_TIME))
        write("_end")
    write("_bottom")


def _style() -> str:
    path = finders.find("accounts/export.css")
    return Path(path).read_text() if path else ""
