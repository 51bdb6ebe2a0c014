"""What is known of a reader's standing: for their export, and what becomes of it when their account goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from broadsheet.accounts.models import Reader
from broadsheet.accounts.sections import section
from broadsheet.core.tidying import delete_all
from broadsheet.moderation.people.models import Kind, ModeratorScope, PersonNote, Sanction, Trace
from broadsheet.moderation.people.traces import mark_of

Row = dict[str, Any]


@section("sanctions", _("What editors decided about your account"), "moderation.Sanction.reader")
def sanctions(reader: Reader) -> Iterator[Row]:
    """Each sanction as its reader was told of it. Who gave it, and notes for colleagues, are not theirs."""
    for each in reader.sanctions.select_related("section").order_by("pk"):
        yield {
            "kind": Kind(each.kind),
            "section": str(each.section) if each.section else None,
            "reason": each.get_reason_display(),
            "told": each.told,
            "at": each.at,
            "until": each.until,
            "read_at": each.acknowledged_at,
            "lifted_at": each.lifted_at,
            "lifted_why": each.lifted_why,
        }


@section("traces", _("Days on which you came from a network address, scrambled"), "moderation.Trace.reader")
def traces(reader: Reader) -> Iterator[Row]:
    """Their own traces of the last month. Whose else are like them is in nobody's copy."""
    for each in reader.traces.order_by("pk").iterator():
        yield {"day": each.day.isoformat(), "address": each.key}


@section(
    "work_with_people",
    _("What you decided about people as a moderator"),
    "moderation.Sanction.by",
    "moderation.Sanction.lifted_by",
    "moderation.PersonNote.by",
    "moderation.ModeratorScope.moderator",
)
def work_with_people(reader: Reader) -> Iterator[Row]:
    """For those who work or worked here: their own acts and notes, without whom they were about."""
    for given in reader.sanctions_given.order_by("pk").iterator():
        yield {"kind": Kind(given.kind), "at": given.at, "reason": given.get_reason_display(), "note": given.note}
    for lifted in reader.sanctions_lifted.order_by("pk").iterator():
        yield {"kind": Kind(lifted.kind), "lifted_at": lifted.lifted_at, "lifted_why": lifted.lifted_why}
    for note in reader.desk_notes_written.order_by("pk").iterator():
        yield {"at": note.at, "note": note.text}
    for scope in reader.moderated_sections.select_related("section").order_by("pk"):
        yield {"section": str(scope.section)}


def erase(reader: Reader, choice: str) -> None:
    """Take the person and the words from their sanctions, which stay; notes about them and their traces go.

    An account that is deleted while it is banned or suspended leaves a scrambled form of its e-mail address for a year,
    so that a moderator is told when it comes back. Notes a former colleague wrote stay with the empty account.
    """
    if reader.mail_address:
        held = reader.sanctions.in_force().filter(kind__in=[Kind.BAN, Kind.SUSPENSION])
        held.update(mark=mark_of(reader.email))
    Sanction.objects.filter(reader=reader).update(reader=None, told="", note="", lifted_why="")
    for model in (PersonNote, Trace):
        delete_all(model._base_manager.filter(reader=reader))
    delete_all(ModeratorScope._base_manager.filter(moderator=reader))
