"""Questions about people and their names: asked by a page to explain, and by an action to refuse, with one answer."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from broadsheet.accounts.models import Deletion, HeldName, NameChange, Reader
from broadsheet.accounts.names import name_key
from broadsheet.core import clock

GUEST = ":guest:"  # parts a guest's key from what makes it theirs alone; no name has a colon in its key
# A name that was given up stays its bearer's for so long: what they wrote under it is still read.
NAME_REST = timedelta(days=365)
GUEST_NAME_REST = timedelta(days=1)  # two guests of one evening don't share a name
_LONGEST_GUEST_KEY = 120  # leaves room for what makes the key the guest's own


def is_verified(reader: Reader) -> bool:
    """Whether somebody has shown that their address is theirs, or the newsroom asks for no such proof of them."""
    if reader.is_guest:
        return bool(settings.GUESTS)
    return bool(
        EmailAddress.objects.filter(user=reader, verified=True).exists()
        or reader.publisher_identities.exists()  # the publisher that signs them in knows them
    )


def is_name_taken(name: str, now: datetime, besides: Reader | None = None) -> bool:
    """Whether a name, or one that looks like it, is somebody's, was not long ago, or is being signed up with."""
    key = name_key(name)
    others = Reader.objects.filter(name_key=key)
    former = NameChange.objects.filter(before_key=key, at__gt=now - NAME_REST)
    if besides is not None:
        others, former = others.exclude(pk=besides.pk), former.exclude(reader=besides)
    held = HeldName.objects.filter(key=key, until__gt=now)
    return held.exists() or former.exists() or any(not is_abandoned(other, now) for other in others)


def may_not_choose(name: str, now: datetime, besides: Reader | None = None) -> bool:
    """Whether nobody can give themselves that name: it is taken, or kept for somebody (settings.NAME_KEEPERS).

    An administrator can, who knows whom they make an account for.
    """
    key = name_key(name)
    return is_name_taken(name, now, besides) or any(import_string(path)(key, besides) for path in settings.NAME_KEEPERS)


def is_abandoned(reader: Reader, now: datetime) -> bool:
    """Whether somebody signed up and never came with the code: after a while their name is free again.

    Signing up leaves an address that is to be proved; an account made at the desk has none until its first sign-in.
    """
    return (
        reader.last_login is None
        and reader.date_joined < now - settings.NAME_HOLD
        and not (reader.is_staff or reader.groups.exists() or is_verified(reader))
        and EmailAddress.objects.filter(user=reader).exists()
    )


def guest_key(name: str) -> str:
    """How the keys of all guests of a name begin."""
    return f"{name_key(name)[:_LONGEST_GUEST_KEY]}{GUEST}"


def is_guest_name_taken(name: str, now: datetime) -> bool:
    """Whether a guest cannot have that name now: a member's, one kept, or that of another guest of the day."""
    recent = Reader.objects.filter(name_key__startswith=guest_key(name), date_joined__gt=now - GUEST_NAME_REST)
    return may_not_choose(name, now) or recent.exists()


def may_rename_at(reader: Reader) -> datetime | None:
    """When somebody may change their name next; None when they may at any moment."""
    if reader.name_changed_at is None:
        return None
    return reader.name_changed_at + settings.NAME_CHANGE_PERIOD


def why_not_rename(reader: Reader, now: datetime) -> str | None:
    """Why somebody cannot change their name now; None when they can."""
    if reader.is_guest:
        return _("A guest's name lasts for one visit. With an account you can have a name of your own.")
    if reason := why_not_present(reader):
        return reason
    if not settings.NAME_CHANGE_PERIOD:
        return _("Names cannot be changed here. Write to the newsroom if yours has to be.")
    moment = may_rename_at(reader)
    if moment is None or moment <= now:
        return None
    days = settings.NAME_CHANGE_PERIOD.days
    sentence = ngettext(
        "A name can be changed once a day. You can change yours again on %(moment)s.",
        "A name can be changed once in %(n)s days. You can change yours again on %(moment)s.",
        days,
    )
    return sentence % {"n": days, "moment": clock.comment_moment(moment)}


def why_not_present(reader: Reader) -> str | None:
    """Why somebody cannot say anything new about themselves, by name or on their page; None when they can.

    What keeps them from taking part everywhere (SPEAKING_RULES) keeps them from this.
    """
    asked = (import_string(path)(reader, None) for path in settings.SPEAKING_RULES)
    return next((reason for reason in asked if reason), None)


def is_about_to_go(reader: Reader) -> bool:
    """Whether somebody has asked for the end of their account, which may still be taken back."""
    return Deletion.objects.filter(reader=reader).exists()


def works_here(reader: Reader) -> bool:
    """Whether somebody may enter one of the newsroom's own pages."""
    return reader.is_active and (
        reader.is_staff or reader.is_superuser or any(reader.has_perm(each) for each in settings.STAFF_PERMISSIONS)
    )


def has_second_factor(reader: Reader) -> bool:
    """Whether somebody has an authenticator app or a passkey; recovery codes alone are none."""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return bool(Authenticator.objects.filter(user=reader, type__in=kinds).exists())


def has_authenticator_app(reader: Reader) -> bool:
    """Whether somebody can type a code that an app gives them."""
    return bool(Authenticator.objects.filter(user=reader, type=Authenticator.Type.TOTP).exists())


def needs_second_factor(reader: Reader) -> bool:
    """Whether somebody must set up a second factor before they may enter the newsroom's own pages."""
    return bool(settings.STAFF_SECOND_FACTOR) and works_here(reader) and not has_second_factor(reader)
