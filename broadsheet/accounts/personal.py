"""What accounts know of a reader, for their export."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.utils.translation import gettext_lazy as _

from broadsheet.accounts.models import Deletion, Export, Reader
from broadsheet.accounts.sections import section

Row = dict[str, Any]


@section("profile", _("Profile"))
def profile(reader: Reader) -> Iterator[Row]:
    """Who they are here."""
    yield {
        "number": reader.pk,
        "name": reader.name,
        "email": reader.mail_address,
        "joined_at": reader.date_joined,
        "last_signed_in_at": reader.last_login,
        "about": reader.about,
        "expertise": reader.expertise,
        "has_public_page": reader.has_public_page,
        "is_guest": reader.is_guest,
        "name_changed_at": reader.name_changed_at,
        "groups": list(reader.groups.order_by("name").values_list("name", flat=True)),
        "permissions": sorted(reader.user_permissions.values_list("codename", flat=True)),
    }


@section("addresses", _("E-mail addresses"), "account.EmailAddress.user")
def addresses(reader: Reader) -> Iterator[Row]:
    """Their e-mail addresses."""
    for each in EmailAddress.objects.filter(user=reader).order_by("pk"):
        yield {"email": each.email, "verified": each.verified, "primary": each.primary}


@section("former_names", _("Former names"), "accounts.NameChange.reader")
def former_names(reader: Reader) -> Iterator[Row]:
    """What they were called before."""
    for each in reader.name_changes.order_by("pk"):
        yield {"name": each.before, "until": each.at}


@section(
    "sign_in_methods",
    _("Ways to sign in"),
    "mfa.Authenticator.user",
    "socialaccount.SocialAccount.user",
    "accounts.PublisherIdentity.reader",
)
def sign_in_methods(reader: Reader) -> Iterator[Row]:
    """How they can sign in; never a secret, which is no use to read and dangerous to keep."""
    if reader.has_usable_password():
        yield {"kind": "password"}
    for factor in Authenticator.objects.filter(user=reader).order_by("pk"):
        yield {"kind": factor.type, "added_at": factor.created_at, "last_used_at": factor.last_used_at}
    for social in SocialAccount.objects.filter(user=reader).order_by("pk"):
        yield {
            "kind": social.provider,
            "subject": social.uid,
            "added_at": social.date_joined,
            "last_used_at": social.last_login,
            "told": social.extra_data,
        }
    for identity in reader.publisher_identities.order_by("pk"):
        yield {
            "kind": "publisher",
            "issuer": identity.issuer,
            "subject": identity.subject,
            "name": identity.name,
            "groups": identity.groups,
            "last_used_at": identity.told_at,
        }


@section("sessions", _("Where you are signed in"), "usersessions.UserSession.user")
def sessions(reader: Reader) -> Iterator[Row]:
    """The browsers they are signed in with; without the keys, which would open the sessions."""
    for each in UserSession.objects.filter(user=reader).order_by("pk"):
        yield {
            "began_at": each.created_at,
            "last_seen_at": each.last_seen_at,
            "address": each.ip,
            "browser": each.user_agent,
        }


@section("mutes", _("People you have muted"), "accounts.Mute.reader")
def mutes(reader: Reader) -> Iterator[Row]:
    """Whom they do not want to read. Who has muted them is those people's own affair."""
    for each in reader.mutes.select_related("muted").order_by("pk"):
        yield {"name": each.muted.name, "since": each.created_at}


@section("follows", _("People you follow"), "accounts.Follow.reader")
def follows(reader: Reader) -> Iterator[Row]:
    """Whom they want to hear of. Who follows them is those people's own affair."""
    for each in reader.follows.select_related("followed").order_by("pk"):
        yield {"name": each.followed.name, "since": each.created_at}


@section("requests", _("Copies and deletions you asked for"), "accounts.Export.reader", "accounts.Deletion.reader")
def requests(reader: Reader) -> Iterator[Row]:
    """What they have asked for about their data."""
    for export in reader.exports.order_by("pk"):
        state = Export.State(export.state)
        yield {"kind": "export", "asked_at": export.asked_at, "finished_at": export.finished_at, "state": state}
    if hasattr(reader, "deletion"):
        deletion = reader.deletion
        how = Deletion.Choice(deletion.choice)
        yield {"kind": "deletion", "asked_at": deletion.asked_at, "due_at": deletion.due_at, "how": how}
