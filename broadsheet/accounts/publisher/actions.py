"""What a good token does: it finds or makes the account of its subject, and keeps what the publisher says of them."""

from __future__ import annotations

import logging
import secrets
from dataclasses import asdict
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from broadsheet.accounts.actions import address_verified, claim_name, facts_changed, rename, taken
from broadsheet.accounts.models import PublisherIdentity, Reader, UsedToken
from broadsheet.accounts.names import checked_name
from broadsheet.accounts.publisher.keys import Publishers
from broadsheet.accounts.publisher.tokens import BadToken, Told
from broadsheet.core import clock
from broadsheet.core.refusals import Refused, Unacceptable

NO_ADDRESS = "publisher.invalid"  # no address at all: RFC 6761 keeps .invalid for that
_NEVER = ("accounts", "auth")  # whoever may change accounts or groups may make themselves anything

log = logging.getLogger("broadsheet.accounts.publisher")


class AddressTaken(Refused):
    """The token's address is that of another account, which is never taken over: its owner may connect the two."""


def known_publishers() -> Publishers:
    """Those of this newsroom."""
    return settings.PUBLISHERS or Publishers()


def use(told: Told) -> None:
    """Take the token for used. Raises BadToken for the second one of two, whichever machine they come to."""
    try:
        with transaction.atomic():
            UsedToken.objects.create(digest=told.digest, expires_at=told.expires_at)
    except IntegrityError:
        raise BadToken("it has been used before (jti)") from None


def identity_of(told: Told) -> PublisherIdentity | None:
    """Who the token speaks of, by issuer and subject; None for somebody who was never here."""
    found = PublisherIdentity.objects.filter(issuer=told.issuer, subject=told.subject)
    return found.select_related("reader").first()


def make_account(*, told: Told, name: str) -> Reader:
    """The account of somebody who was never here. Raises AddressTaken, or Unacceptable for the name.

    Sent twice at the same moment, the second finds the account of the first.
    """
    name = checked_name(name)
    email = _address(told)
    try:
        with transaction.atomic():
            if email and _is_address_of_another(email, None):
                raise AddressTaken(_("There is an account with your e-mail address already."))
            claim_name(name, clock.now())
            reader = Reader(email=email or f"{secrets.token_hex(16)}@{NO_ADDRESS}", name=name)
            reader.set_unusable_password()
            reader.save()
            if email:
                EmailAddress.objects.create(user=reader, email=email, verified=True, primary=True)
            _connect(reader, told)
    except IntegrityError:
        if identity := identity_of(told):
            return identity.reader
        raise Unacceptable(taken()) from None
    return reader


def connect(*, reader: Reader, told: Told) -> PublisherIdentity:
    """Tie the publisher's subject to an account whose owner asks for it. Raises Refused when it is tied already."""
    try:
        with transaction.atomic():
            return _connect(reader, told)
    except IntegrityError:
        raise Refused(_("That sign-in belongs to another account here already.")) from None


def _connect(reader: Reader, told: Told) -> PublisherIdentity:
    identity = PublisherIdentity.objects.create(
        reader=reader, issuer=told.issuer, subject=told.subject, told_at=told.told_at, name=told.name
    )
    _keep_groups(identity, told)
    _keep_expertise(reader, told)
    identity.save()
    transaction.on_commit(lambda: address_verified(reader))
    return identity


@transaction.atomic
def update(*, identity: PublisherIdentity, told: Told) -> Reader:
    """Keep what a newer token says; an older one, or the same again, changes nothing. Returns the reader.

    A name that cannot be had is left as it is, and the log says so: nobody is kept out by it. An account with a
    password keeps its address, which its owner has chosen.
    """
    identity = PublisherIdentity.objects.select_for_update(of=("self",)).select_related("reader").get(pk=identity.pk)
    reader = identity.reader
    if told.told_at <= identity.told_at:
        return reader
    identity.told_at = told.told_at
    _keep_groups(identity, told)
    _keep_expertise(reader, told)
    _keep_address(reader, told)
    if told.name and told.name != identity.name:
        reader = _renamed(identity, told)
    identity.save()
    return reader


def disconnect(*, reader: Reader, identity: PublisherIdentity) -> None:
    """Let somebody sign in without the publisher from now on. Raises Refused when it is their only way in."""
    if not (reader.has_usable_password() or reader.publisher_identities.exclude(pk=identity.pk).exists()):
        raise Refused(_("This is your only way to sign in. Give your account a password first."))
    with transaction.atomic():
        reader.groups.remove(*Group.objects.filter(name__in=identity.groups))
        identity.delete()


def _renamed(identity: PublisherIdentity, told: Told) -> Reader:
    try:
        with transaction.atomic():
            reader = rename(reader=identity.reader, name=told.name)
    except Refused as refusal:
        log.info("Reader %s keeps their name: %s", identity.reader_id, refusal.sentence)
        return identity.reader
    identity.name = told.name
    return reader


def _keep_groups(identity: PublisherIdentity, told: Told) -> None:
    """Give and take the groups that the key maps; one that a person gave by hand is left alone."""
    reader, before = identity.reader, set(identity.groups)
    wanted = {group.name: group for group in _givable(told.groups)}
    held = set(reader.groups.filter(name__in=before | set(wanted)).values_list("name", flat=True))
    reader.groups.remove(*Group.objects.filter(name__in=before - set(wanted)))
    reader.groups.add(*(group for name, group in wanted.items() if name not in held))
    identity.groups = sorted((set(wanted) - held) | (before & set(wanted)))
    if before != set(identity.groups):
        log.info("Reader %s has the groups %s of %s", reader.pk, identity.groups, told.issuer)


def _givable(names: tuple[str, ...]) -> list[Group]:
    """The groups of these names that a token may give: never one that may change accounts or groups."""
    found = list(Group.objects.filter(name__in=names).exclude(permissions__content_type__app_label__in=_NEVER))
    for name in set(names) - {group.name for group in found}:
        log.error("No token can give the group %r: there is none, or it may change accounts", name)
    return found


def _keep_expertise(reader: Reader, told: Told) -> None:
    if told.expertise is not None and told.expertise != reader.expertise:
        reader.expertise = told.expertise
        reader.save(update_fields=["expertise"])
        facts_changed(reader)


def _keep_address(reader: Reader, told: Told) -> None:
    email = _address(told)
    if not email or email == reader.email or reader.has_usable_password():
        return
    if _is_address_of_another(email, reader):
        log.info("Reader %s keeps their address: the new one is another account's", reader.pk)
        return
    reader.email = email
    reader.save(update_fields=["email"])
    EmailAddress.objects.filter(user=reader).delete()
    EmailAddress.objects.create(user=reader, email=email, verified=True, primary=True)


def _is_address_of_another(email: str, reader: Reader | None) -> bool:
    own = reader.pk if reader else 0
    return (
        Reader.objects.filter(email__iexact=email).exclude(pk=own).exists()
        or EmailAddress.objects.filter(email__iexact=email).exclude(user_id=own).exists()
    )


def _address(told: Told) -> str:
    """The address as we keep it; "" for what is none."""
    email = Reader.objects.normalize_email(told.email).lower()
    try:
        validate_email(email)
    except ValidationError:
        return ""
    return "" if email.endswith(".invalid") else email


def packed(told: Told) -> dict[str, Any]:
    """For the session, while somebody chooses a name or signs in to the account they have."""
    facts = asdict(told)
    return {**facts, "told_at": told.told_at.isoformat(), "expires_at": told.expires_at.isoformat()}


def unpacked(facts: dict[str, Any]) -> Told:
    """What `packed` made."""
    moments = {name: datetime.fromisoformat(facts[name]) for name in ("told_at", "expires_at")}
    return Told(**{**facts, **moments, "groups": tuple(facts["groups"])})
