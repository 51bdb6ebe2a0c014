"""Who hears of what, and whether by e-mail: questions, one function each."""

from __future__ import annotations

from collections.abc import Collection

from allauth.account.models import EmailAddress
from django.db.models import QuerySet

from broadsheet.accounts.models import Mute, Reader
from broadsheet.notifications.models import ALWAYS, USUAL, How, Kind, Preference


def may_hear(readers: QuerySet[Reader], of: Reader | None) -> QuerySet[Reader]:
    """Those among the readers who are told of what somebody did: never oneself, nor who has muted that person.

    Guests have nowhere to read it; a deactivated account, or one about to be deleted, wants nothing any more.
    """
    rows = readers.filter(is_active=True, is_guest=False, deletion__isnull=True)
    if of is not None:
        rows = rows.exclude(pk=of.pk).exclude(pk__in=Mute.objects.filter(muted=of).values("reader"))
    return rows


def hows(readers: Collection[int], kind: Kind) -> dict[int, How]:
    """How each of these readers wants to hear of a kind of thing."""
    usual = USUAL[kind]
    if kind in ALWAYS:
        return dict.fromkeys(readers, usual)
    chosen = Preference.objects.filter(reader__in=readers, kind=kind).values_list("reader", "how")
    return {**dict.fromkeys(readers, usual), **{reader: How(how) for reader, how in chosen}}


def preferences(reader: Reader) -> dict[Kind, How]:
    """One reader's choices, each kind there is a choice about with its usual one where they made none."""
    chosen = {Kind(kind): How(how) for kind, how in reader.notification_preferences.values_list("kind", "how")}
    return {kind: chosen.get(kind, USUAL[kind]) for kind in Kind if kind not in ALWAYS}


def may_mail(reader: Reader) -> bool:
    """Whether we write to somebody: they are here, and the address is shown to be theirs.

    A publisher that signs somebody in may have told no address of theirs, and none that they chose here themselves.
    """
    if not reader.is_active or reader.is_guest or not reader.mail_address or hasattr(reader, "deletion"):
        return False
    return bool(EmailAddress.objects.filter(user=reader, email__iexact=reader.email, verified=True).exists())
