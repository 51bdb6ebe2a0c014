"""What we do when allauth or Django says that somebody signed in, proved an address, or has a new factor."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.http import HttpRequest

from broadsheet.accounts import actions, rules, sessions
from broadsheet.accounts.models import Reader


def begin_session(*, request: HttpRequest, user: Reader, **facts: Any) -> None:
    """Somebody signed in, by whatever way: their session gets its limits."""
    sessions.begin(request, user, staff=rules.works_here(user))


def showed_again(*, request: HttpRequest, user: Reader, **facts: Any) -> None:
    """Somebody who is signed in showed once more who they are, or a second factor: what follows may do more.

    Django gives a session another key when it is signed in and when the password changes, and at no other step.
    """
    if request.user.is_authenticated and request.user.pk == user.pk:
        sessions.renew(request)


def address_confirmed(*, request: HttpRequest, email_address: EmailAddress, **facts: Any) -> None:
    """An address was shown to be somebody's."""
    reader: Reader = email_address.user
    methods = {record.get("method") for record in get_authentication_records(request, reader)}
    if reader.last_login is None:
        _lock_out_whoever_signed_up(reader, methods)
    actions.address_verified(reader)


def _lock_out_whoever_signed_up(reader: Reader, methods: set[str]) -> None:
    """Take away the ways to sign in that were not used now, the first time that somebody could read this mail.

    A stranger may have signed up with the address and waited for its owner to prove it: they would come in afterwards
    by the password or the provider they had chosen. The owner can choose their own.
    """
    if methods == {"code"} and reader.has_usable_password():  # another that nobody can use would end this session
        reader.set_unusable_password()
        reader.save(update_fields=["password"])
    if "socialaccount" not in methods:
        SocialAccount.objects.filter(user=reader).delete()


def factor_added(*, request: HttpRequest, user: Reader, authenticator: Authenticator, **facts: Any) -> None:
    """Setting a factor up showed it: nobody is asked for it again in the same session."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)
