"""Second opinions: a moderator asks colleagues about a comment; one of them says what they would do, or does it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from broadsheet.accounts.models import Reader
from broadsheet.core.refusals import Refused, Stale, Unacceptable
from broadsheet.core.text import readable
from broadsheet.discussion.models import Comment, Status
from broadsheet.moderation import claims, rules
from broadsheet.moderation.models import COMPLAINTS, LONGEST_NOTE, Entry, Opinion, Reason


def ask(*, moderator: Reader, comment: Comment, note: str = "") -> Entry:
    """Leave a comment to colleagues, with a word about what one is unsure of. It goes on waiting where it waits.

    Whoever asked is offered it no more among the next cards. Raises Refused; Stale where it waits no longer.
    """
    if why := rules.why_not_decide(moderator, comment):
        raise Refused(why)
    note = readable(note, most=LONGEST_NOTE, what=_("Note"))
    with transaction.atomic():
        if why := claims.why_not_held(comment, moderator):
            raise Stale(why)
        place = Entry.objects.filter(comment=comment).order_by("due", "pk").first()
        if place is None:
            raise Stale(_("This comment waits in no queue any more."))
        Entry.objects.filter(comment=comment).exclude(pk=place.pk).update(asked_by=None, asked_note="")
        place.asked_by, place.asked_note = moderator, note
        place.save(update_fields=["asked_by", "asked_note"])
        claims.end(comment)
    return place


def take_back(*, moderator: Reader, comment: Comment) -> None:
    """Need no second opinion any more."""
    asked = Entry.objects.filter(comment=comment, asked_by__isnull=False)
    if not moderator.is_supervisor:
        asked = asked.filter(asked_by=moderator)
    if not asked.update(asked_by=None, asked_note=""):
        raise Stale(_("Nobody asks for a second opinion about this comment any more."))


def say(*, moderator: Reader, comment: Comment, after: str, reason: str = "", note: str = "") -> Opinion:
    """Say what one would do with a comment, for the colleague who asked. It changes nothing.

    Said again, it replaces what one said before. Raises Refused, Unacceptable; Stale where nobody asks any more.
    """
    if why := rules.why_not_decide(moderator, comment):
        raise Refused(why)
    if after not in {Status.PUBLISHED, Status.REJECTED}:
        raise Unacceptable(_("Please say whether you would publish or reject it."))
    if after == Status.REJECTED and reason not in COMPLAINTS:
        raise Unacceptable(_("Please choose the reason for which you would reject the comment."))
    note = readable(note, most=LONGEST_NOTE, what=_("Note"))
    asked = Entry.objects.filter(comment=comment, asked_by__isnull=False).first()
    if asked is None:
        raise Stale(_("Nobody asks for a second opinion about this comment any more."))
    if asked.asked_by_id == moderator.pk:
        raise Refused(_("You asked yourself: a colleague has to answer."))
    if Opinion.objects.filter(comment=comment, moderator=moderator, is_blind=True).exists():
        raise Refused(_("You have said already what you would do with this comment."))
    facts = {"after": after, "reason": reason if after == Status.REJECTED else Reason.FINE, "note": note}
    return Opinion.objects.update_or_create(comment=comment, moderator=moderator, defaults=facts)[0]
