"""Words to an author that moderators send often: supervisors keep them, and every change of them is on record."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from broadsheet.accounts.models import Reader
from broadsheet.core.numbers import row_number
from broadsheet.core.refusals import Refused, Unacceptable
from broadsheet.core.text import is_blank, readable
from broadsheet.moderation import changes, rules
from broadsheet.moderation.models import COMPLAINTS, LONGEST_NOTE, Canned

LONGEST_NAME = 60


def texts() -> list[Canned]:
    """All of them, by name."""
    return list(Canned.objects.order_by("name"))


def keep(*, by: Reader, canned: Canned | None, name: str, reason: str, text: str) -> Canned:
    """Add a text, or change one. Raises Refused, Unacceptable: without a name or words, or where the name is taken."""
    if not rules.may_supervise(by):
        raise Refused(_("Only supervisors change these texts."))
    name = readable(name, most=LONGEST_NAME, what=_("Name"), lines=False)
    text = readable(text, most=LONGEST_NOTE, what=_("Text"))
    if is_blank(name) or is_blank(text):
        raise Unacceptable(_("Please write a name and the text."))
    if reason and reason not in COMPLAINTS:
        raise Unacceptable(_("Please choose one of the reasons."))
    before = _facts(canned) if canned else None
    row = canned or Canned()
    row.name, row.reason, row.text = name, reason, text
    try:
        with transaction.atomic():
            row.save()
            changes.record(by=by, what="canned text", about=name, before=before, after=_facts(row))
    except IntegrityError:
        raise Unacceptable(_("There is a text of that name already.")) from None
    return row


def delete(*, by: Reader, canned: Canned) -> None:
    """Do away with a text. What was sent with it stays as it was sent. Raises Refused."""
    if not rules.may_supervise(by):
        raise Refused(_("Only supervisors change these texts."))
    with transaction.atomic():
        changes.record(by=by, what="canned text", about=canned.name, before=_facts(canned), after=None)
        canned.delete()


def told(canned: str, typed: str) -> str:
    """What an author is told: the canned text whose number a form names, and what was typed besides."""
    known = Canned.objects.filter(pk=row_number(canned)).first()
    return "\n\n".join(words for words in (known.text if known else "", typed.strip()) if words)


def _facts(canned: Canned) -> dict[str, str]:
    return {"name": canned.name, "reason": str(canned.reason), "text": canned.text}
