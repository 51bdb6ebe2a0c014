"""What moderators do about people, and what a reader does about it. Each action is one transaction."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.core.refusals import Refused, Stale, Unacceptable
from broadsheet.core.text import readable
from broadsheet.moderation import listeners
from broadsheet.moderation.models import LONGEST_NOTE, receipt_token
from broadsheet.moderation.people import notices, removal, rules
from broadsheet.moderation.people.models import Kind, PersonNote, Sanction
from broadsheet.stories.models import Section

MOST_NOTES = 200  # about one reader


def sanction(
    *,
    moderator: Reader,
    reader: Reader,
    kind: str,
    reason: str,
    section: Section | None = None,
    until: datetime | None = None,
    told: str = "",
    note: str = "",
    removes: removal.Extent | None = None,
    token: str | None = None,
) -> Sanction:
    """Do something about a reader, everywhere or in one section, and tell them why and until when.

    `removes` is what a ban's preview showed of their comments: they are rejected for the same reason, by a worker.
    `token` is made with the form: sent twice, it acts once. Raises Refused, Unacceptable; Stale when the comments are
    not those of the preview any more.
    """
    if why := rules.why_not_sanction(moderator, reader, section.pk if section else None):
        raise Refused(why)
    told = readable(told, most=LONGEST_NOTE, what=_("Words to the reader"))
    note = readable(note, most=LONGEST_NOTE, what=_("Note"))
    with transaction.atomic():
        Reader.objects.select_for_update().get(pk=reader.pk)  # so that the same form sent at once acts once
        if token and (same := Sanction.objects.filter(token=token, reader=reader).first()):
            return same
        now = clock.database_now()
        if why := rules.why_not_such(kind, reason, until, now):
            raise Unacceptable(why)
        if removes and kind != Kind.BAN:
            raise Unacceptable(_("Comments are removed with a ban alone."))
        made = Sanction.objects.create(
            reader=reader,
            kind=kind,
            section=section,
            reason=reason,
            told=told,
            note=note,
            by=moderator,
            at=now,
            until=until,
            token=token or receipt_token(),
        )
        if removes:
            removal.begin(made, removes)
        listeners.tell_sanction(made)
        return made


def lift(*, moderator: Reader, sanction: Sanction, why: str = "") -> Sanction:
    """End a sanction before its time, or take back one that is over; `why` is told to the reader.

    Raises Refused; Stale when somebody else has lifted it.
    """
    why = readable(why, most=LONGEST_NOTE, what=_("Words to the reader"))
    with transaction.atomic():
        held = Sanction.objects.select_for_update().get(pk=sanction.pk)
        if refusal := rules.why_not_lift(moderator, held):
            raise (Stale if held.lifted_at else Refused)(refusal)
        held.lifted_at, held.lifted_by, held.lifted_why = clock.database_now(), moderator, why
        held.save(update_fields=["lifted_at", "lifted_by", "lifted_why"])
        notices.tell_lifted(held)
    return held


def acknowledge(*, reader: Reader, sanction: Sanction) -> Sanction:
    """A reader says that they have read it; after a warning they may speak again. A second time it changes nothing."""
    if sanction.reader_id != reader.pk:
        raise Refused(_("This is about somebody else."))
    Sanction.objects.filter(pk=sanction.pk, acknowledged_at=None).update(acknowledged_at=clock.database_now())
    sanction.refresh_from_db()
    return sanction


def note_person(*, moderator: Reader, reader: Reader, text: str) -> PersonNote:
    """Leave a note about a reader for colleagues. Raises Refused, Unacceptable."""
    if why := rules.why_not_note(moderator, reader):
        raise Refused(why)
    text = readable(text, most=LONGEST_NOTE, what=_("Note"))
    if not text.strip():
        raise Unacceptable(_("There is nothing in the note yet."))
    if reader.desk_notes.count() >= MOST_NOTES:
        raise Refused(_("There are as many notes about this reader as there can be."))
    return PersonNote.objects.create(reader=reader, by=moderator, text=text)


def remove_note(*, moderator: Reader, note: PersonNote) -> None:
    """Take one's own note away. Raises Refused."""
    if why := rules.why_not_remove_note(moderator, note):
        raise Refused(why)
    note.delete()
