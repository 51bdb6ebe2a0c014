"""What changes a person: a new name, a guest, an address that has been shown to be theirs."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.crypto import get_random_string, salted_hmac
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from broadsheet.accounts.models import HeldName, NameChange, Reader
from broadsheet.accounts.names import checked_name, name_key
from broadsheet.accounts.rules import (
    GUEST_NAME_REST,
    guest_key,
    is_abandoned,
    is_guest_name_taken,
    may_not_choose,
    why_not_rename,
)
from broadsheet.core import clock
from broadsheet.core.refusals import Refused, Unacceptable

GUESTS_ADDRESS = "guests.invalid"  # no address at all: RFC 6761 keeps .invalid for that
SHORTEST_INTENT = 22  # characters of a form's key, as our forms have: with fewer somebody might guess another's


def taken() -> str:
    """What is said of a name that is somebody else's."""
    return _("That name, or one that looks like it, is taken.")


def rename(*, reader: Reader, name: str) -> Reader:
    """Give somebody another name; their comments keep the one they were written under.

    Raises Refused when it is too soon, Unacceptable when the name is none or another's.
    """
    now = clock.now()
    name = checked_name(name)
    try:
        with transaction.atomic():
            person = Reader.objects.select_for_update().get(pk=reader.pk)
            if name == person.name:
                raise Unacceptable(_("That is your name already."))
            if reason := why_not_rename(person, now):
                raise Refused(reason)
            claim_name(name, now, besides=person)
            NameChange.objects.create(reader=person, before=person.name, before_key=person.name_key, at=now)
            person.name, person.name_changed_at = name, now
            person.save(update_fields=["name", "name_key", "name_changed_at"])
            facts_changed(person)
    except IntegrityError:  # somebody was a moment faster
        raise Unacceptable(taken()) from None
    return person


def claim_name(name: str, now: datetime, besides: Reader | None = None) -> None:
    """Make sure that a name is free to be taken now. Raises Unacceptable when it is somebody else's."""
    if may_not_choose(name, now, besides):
        raise Unacceptable(taken())
    for other in Reader.objects.filter(name_key=name_key(name)):
        if other != besides and is_abandoned(other, now):
            other.delete()


def changed_at_the_desk(*, before: Reader, after: Reader) -> None:
    """Keep what goes with an account that an administrator has changed: its former name; and no proof of a new address.

    A former address would go on signing in otherwise, by a code sent to it.
    """
    if before.name != after.name:
        NameChange.objects.create(reader=after, before=before.name, before_key=before.name_key, at=clock.now())
        Reader.objects.filter(pk=after.pk).update(name_changed_at=clock.now())
    if before.email.lower() != after.email.lower():
        EmailAddress.objects.filter(user=after).delete()
    if any(getattr(before, name) != getattr(after, name) for name in ("name", "expertise", "is_active")):
        facts_changed(after)


def hold_name(name: str, now: datetime) -> None:
    """Keep a name for whoever is signing up with it, as long as their code is good."""
    HeldName.objects.filter(until__lte=now).delete()
    HeldName.objects.update_or_create(key=name_key(name), defaults={"until": now + settings.NAME_HOLD})


def make_guest(*, name: str, intent: str = "") -> Reader:
    """Somebody without an account, named for one visit. `intent` is the key of the form with which they come.

    Raises Refused where the newsroom takes no guests, Unacceptable when the name is none or somebody's.
    """
    if not settings.GUESTS:
        raise Refused(_("Please sign in to comment."))
    now = clock.now()
    name = checked_name(name)
    if is_guest_name_taken(name, now):
        raise Unacceptable(taken())
    mark = _mark_of(intent)
    if not mark or Reader.objects.filter(email=_guest_address(mark)).exists():  # a form of an earlier day
        mark = get_random_string(20, "abcdefghijklmnopqrstuvwxyz0123456789")
    guest = Reader(
        email=_guest_address(mark),
        name=name,
        name_key=f"{guest_key(name)}{mark}",
        is_guest=True,
        has_public_page=False,
    )
    guest.set_unusable_password()
    try:
        with transaction.atomic():
            guest.save()
    except IntegrityError:  # the same form was sent twice at the same moment
        if earlier := guest_of(intent):
            return earlier
        raise
    return guest


def guest_of(intent: str) -> Reader | None:
    """Who has come as a guest with the very same form, less than a day ago."""
    mark, since = _mark_of(intent), clock.now() - GUEST_NAME_REST
    guests = Reader.objects.filter(email=_guest_address(mark), is_guest=True, is_active=True, date_joined__gt=since)
    return guests.first() if mark else None


def _mark_of(intent: str) -> str:
    """What a guest's address is told apart by; empty for a key so short that others might guess it, or use it too."""
    return salted_hmac("broadsheet.accounts.guests", intent).hexdigest()[:32] if len(intent) >= SHORTEST_INTENT else ""


def _guest_address(mark: str) -> str:
    return f"guest-{mark}@{GUESTS_ADDRESS}"


def clear_about(reader: Reader) -> bool:
    """Delete what somebody says of themselves on their page, inside the caller's transaction; whether there was any."""
    person = Reader.objects.select_for_update().get(pk=reader.pk)
    if not person.about:
        return False
    person.about = ""
    person.save(update_fields=["about"])
    facts_changed(person)
    return True


def facts_changed(reader: Reader) -> None:
    """Tell whoever shows it, inside the transaction, that a name or something else that is public about somebody is
    another: each path in settings.FACTS_LISTENERS.
    """
    for path in settings.FACTS_LISTENERS:
        import_string(path)(reader)


def address_verified(reader: Reader) -> None:
    """Tell whoever waits for it that somebody's address is theirs: each path in settings.ACCOUNT_LISTENERS."""
    for path in settings.ACCOUNT_LISTENERS:
        import_string(path)(reader)
