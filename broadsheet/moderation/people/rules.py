"""Questions about sanctions: a page asks them to explain, an action to refuse."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from broadsheet.accounts.models import Reader
from broadsheet.accounts.rules import works_here
from broadsheet.core import clock
from broadsheet.discussion.models import Thread
from broadsheet.moderation.models import COMPLAINTS
from broadsheet.moderation.people import scopes
from broadsheet.moderation.people.models import SILENCES, Kind, PersonNote, Sanction

LONGEST = timedelta(days=3650)  # what is meant to last longer is meant to be lifted by a person


def why_not_speak(reader: Reader, thread: Thread | None) -> str | None:
    """Why a sanction keeps this reader from taking part in that discussion; None when none does (SPEAKING_RULES).

    It asks for comments, edits and respect. Reading, following and taking back one's own words is always allowed.
    """
    section = thread.story.section_id if thread else None
    found = reader.sanctions.in_force().where(section).filter(kind__in=SILENCES).select_related("section")
    gravest = min(found, key=_gravity, default=None)
    return _refusal(gravest) if gravest else None


def reads_first(reader: Reader, thread: Thread) -> bool:
    """Whether an editor reads this reader's comments there before others do."""
    held = reader.sanctions.in_force().where(thread.story.section_id)
    return bool(held.filter(kind=Kind.PREMODERATION).exists())


def why_not_report(reader: Reader) -> str | None:
    """Why this reader's reports are not taken; None when they are."""
    found = list(reader.sanctions.in_force().filter(kind=Kind.NO_REPORTS))
    if not found:
        return None
    last = max(found, key=lambda each: each.until or datetime.max.replace(tzinfo=each.at.tzinfo))
    if last.until is None:
        return _("An editor has switched off reports for your account. Your page “Standing” says why.")
    sentence = _("An editor has switched off reports for your account until %(moment)s. Your page “Standing” says why.")
    return sentence % {"moment": clock.comment_moment(last.until)}


def why_not_sanction(moderator: Reader | None, reader: Reader, section: int | None = None) -> str | None:
    """Why this moderator cannot do anything about that reader there (None: everywhere); None when they can."""
    if why := why_never_sanction(moderator, reader):
        return why
    if moderator and not scopes.looks_after(moderator, section):
        return _("You look after other sections. Choose one of yours, or ask a colleague.")
    return None


def why_never_sanction(moderator: Reader | None, reader: Reader) -> str | None:
    """Why this moderator can do nothing about that reader wherever it be; None when they can somewhere."""
    if why := _why_not_work(moderator):
        return why
    assert moderator is not None  # nobody has been refused
    if moderator.pk == reader.pk:
        return _("Nobody decides about their own account.")
    if works_here(reader):
        return _("%(name)s works here. An administrator takes their role from them first; then it can be done.") % {
            "name": reader.name
        }
    return None if reader.is_active else _("This account has been deactivated.")


def why_not_such(kind: str, reason: str, until: datetime | None, now: datetime) -> str | None:
    """Why there is no such sanction; None when there is."""
    if kind not in Kind.values:
        return _("Please choose what is to be done.")
    if reason not in COMPLAINTS:
        return _("Please choose the reason: the reader is told.")
    if kind == Kind.SUSPENSION and until is None:
        return _("Please say until when.")
    if until is not None and kind in {Kind.WARNING, Kind.BAN}:
        return _("A warning ends when it is read, and a ban when it is lifted.")
    if until is not None and not now < until <= now + LONGEST:
        return _("The end must be in the future, and within ten years.")
    return None


def why_not_lift(moderator: Reader | None, sanction: Sanction) -> str | None:
    """Why this moderator cannot lift that sanction; None when they can.

    One whose time is over can still be lifted: an appeal may find afterwards that it was wrong.
    """
    if why := _why_not_work(moderator):
        return why
    assert moderator is not None  # nobody has been refused
    if sanction.reader_id == moderator.pk:
        return _("Nobody decides about their own account.")
    if not scopes.looks_after(moderator, sanction.section_id):
        return _("You look after other sections. Choose one of yours, or ask a colleague.")
    return _("This is over already.") if sanction.lifted_at else None


def why_not_note(moderator: Reader | None, reader: Reader) -> str | None:
    """Why this moderator cannot leave a note about that reader; None when they can."""
    if why := _why_not_work(moderator):
        return why
    return _("Nobody decides about their own account.") if moderator == reader else None


def why_not_remove_note(moderator: Reader | None, note: PersonNote) -> str | None:
    """Why this moderator cannot take that note away; None when they can."""
    if why := _why_not_work(moderator):
        return why
    return None if moderator and note.by_id == moderator.pk else _("Only its author takes a note away.")


def _why_not_work(moderator: Reader | None) -> str | None:
    allowed = moderator is not None and moderator.is_moderator
    return None if allowed else _("Only moderators decide about people.")


def _gravity(sanction: Sanction) -> tuple[int, float]:
    """The gravest first, and of several suspensions the longest."""
    end = sanction.until.timestamp() if sanction.until else 0.0
    return SILENCES.index(Kind(sanction.kind)), -end


def _refusal(sanction: Sanction) -> str:
    facts = {"section": str(sanction.section), "moment": clock.comment_moment(sanction.until) if sanction.until else ""}
    match Kind(sanction.kind), sanction.section is None:
        case Kind.BAN, True:
            sentence = _("An editor has banned this account from taking part. Your page “Standing” says why.")
        case Kind.BAN, False:
            sentence = _(
                "An editor has banned this account from taking part in the section %(section)s. "
                "Your page “Standing” says why."
            )
        case Kind.SUSPENSION, True:
            sentence = _("You cannot take part until %(moment)s. Your page “Standing” says why.")
        case Kind.SUSPENSION, False:
            sentence = _(
                "You cannot take part in the section %(section)s until %(moment)s. Your page “Standing” says why."
            )
        case _:
            sentence = _(
                "An editor has sent you a warning. Please read it on your page “Standing” and say so there; "
                "then you can go on."
            )
    return sentence % facts
