"""What readers are told of their standing (setting NOTIFICATION_TELLERS)."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from broadsheet.core import clock
from broadsheet.moderation.models import Reason
from broadsheet.moderation.people.models import Kind, Sanction
from broadsheet.notifications.actions import notify_standing
from broadsheet.notifications.items import Told
from broadsheet.notifications.models import Notification


def tell(made: Sanction) -> None:
    """Tell the reader, inside the transaction of the sanction."""
    if made.reader:
        notify_standing(reader=made.reader, number=made.pk)


def tell_lifted(made: Sanction) -> None:
    """Tell the reader that it is over before its time."""
    if made.reader:
        notify_standing(reader=made.reader, number=made.pk, step="lifted")


def standing(notification: Notification) -> Told | None:
    """What was decided about the reader, why, until when, and where it can be appealed against."""
    rows = Sanction.objects.filter(pk=notification.number or 0, reader=notification.reader_id)
    made = rows.select_related("section").first()
    if made is None:
        return None
    address = reverse("my_standing")
    if made.lifted_at and notification.created_at >= made.lifted_at:
        sentence = _("An editor has lifted what was decided about your account: %(what)s")
        return Told(sentence, address, {"what": str(Kind(made.kind).label)}, detail=made.lifted_why)
    return Told(sentence_of(made), address, facts_of(made), detail=why_of(made))


def sentence_of(made: Sanction) -> str:
    """What a sanction means, said to the reader, with places for `facts_of`."""
    match Kind(made.kind), made.section is None, made.until is None:
        case Kind.WARNING, _, _:
            return _("An editor has sent you a warning. Please read it before you write again")
        case Kind.NO_REPORTS, _, True:
            return _("An editor has switched off reports for your account")
        case Kind.NO_REPORTS, _, False:
            return _("An editor has switched off reports for your account until %(moment)s")
        case Kind.PREMODERATION, True, True:
            return _("An editor reads your comments before they are published")
        case Kind.PREMODERATION, True, False:
            return _("An editor reads your comments before they are published, until %(moment)s")
        case Kind.PREMODERATION, False, True:
            return _("An editor reads your comments in the section %(section)s before they are published")
        case Kind.PREMODERATION, False, False:
            return _(
                "An editor reads your comments in the section %(section)s before they are published, until %(moment)s"
            )
        case Kind.SUSPENSION, True, _:
            return _("An editor has suspended you: you cannot take part until %(moment)s")
        case Kind.SUSPENSION, False, _:
            return _("An editor has suspended you: you cannot take part in the section %(section)s until %(moment)s")
        case _, True, _:
            return _("An editor has banned your account from taking part")
    return _("An editor has banned your account from taking part in the section %(section)s")


def facts_of(made: Sanction) -> dict[str, str]:
    """What stands in the places of `sentence_of`."""
    return {
        "section": str(made.section or ""),
        "moment": clock.comment_moment(made.until) if made.until else "",
    }


def why_of(made: Sanction) -> str:
    """The reason as the policy has it, and the editor's own words."""
    reason = "" if made.reason == Reason.OTHER else _("The reason: %(reason)s.") % {"reason": Reason(made.reason).label}
    return " ".join(part for part in (reason, made.told) if part)
