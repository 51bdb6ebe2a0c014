"""What is forgotten of accounts when its time is over: run daily, each as often as one likes (setting CLOCKS)."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.module_loading import import_string

from broadsheet.accounts import deletion
from broadsheet.accounts import exports as copies
from broadsheet.accounts.actions import facts_changed
from broadsheet.accounts.models import Export, HeldName, Reader, UsedToken
from broadsheet.accounts.rules import is_abandoned
from broadsheet.core.addresses import shortened
from broadsheet.core.tidying import delete_all, some_at_a_time

ADDRESS_KEPT = timedelta(days=7)  # a reader who looks for a stranger among their sessions looks soon
SIGN_UP_KEPT = timedelta(days=7)  # codes are good for minutes; a week is for those who ask for another


def used_tokens(now: datetime) -> tuple[int, str]:
    """Tokens that would be refused for their age alone by now."""
    return delete_all(UsedToken.objects.filter(expires_at__lte=now)), "used sign-in tokens forgotten"


def exports(now: datetime) -> tuple[int, str]:
    """Copies that are a week old, with their files; and files that belong to none."""
    before = now - copies.KEPT
    old = list(Export.objects.filter(Q(finished_at__lt=before) | Q(finished_at=None, asked_at__lt=before)))
    for export in old:
        copies.remove(export)
    return len(old) + copies.remove_strays(now), "copies of readers' data deleted"


def sign_ups(now: datetime) -> tuple[int, str]:
    """Accounts whose address was not proved within a week of signing up, and names held for those who did."""
    delete_all(HeldName.objects.filter(until__lte=now))
    never = Reader.objects.filter(last_login=None, date_joined__lt=now - SIGN_UP_KEPT, emailaddress__verified=False)
    found = [reader for reader in never.distinct() if is_abandoned(reader, now)]
    for reader in found:
        reader.delete()
    return len(found), "sign-ups forgotten whose address was never proved"


def sessions(now: datetime) -> tuple[int, str]:
    """Sessions that have ended, with the network address and the browser that were noted of each."""
    store = import_string(f"{settings.SESSION_ENGINE}.SessionStore").get_model_class().objects
    gone = delete_all(store.filter(expire_date__lt=now))
    delete_all(UserSession.objects.filter(~Exists(store.filter(session_key=OuterRef("session_key")))))
    return gone, "ended sessions forgotten"


def addresses(now: datetime) -> tuple[int, str]:
    """Where sessions came from, after a week: the neighbourhood is left, until the session goes."""
    number = 0
    old = UserSession.objects.filter(last_seen_at__lt=now - ADDRESS_KEPT)
    for key, address in list(old.values_list("pk", "ip")):
        if (short := shortened(address)) != address:
            number += UserSession.objects.filter(pk=key, ip=address).update(ip=short)
    return number, "network addresses of sessions shortened"


def guests(now: datetime) -> tuple[int, str]:
    """Guests whose visit is long over. Their name stays beside what they wrote; nothing tells that it was one person.

    Who reads along has been answering that name, and it was chosen for nothing else.
    """
    old = Reader.objects.filter(is_guest=True, date_joined__lt=now - settings.GUESTS_KEPT)
    return some_at_a_time(old, _delete_guests), "guests forgotten"


@transaction.atomic
def _delete_guests(keys: list[int]) -> int:
    rows = Reader.objects.filter(pk__in=keys, is_guest=True)
    for guest in rows:
        facts_changed(guest)  # their number stands on the pages that show what they wrote
    return rows.delete()[1].get(Reader._meta.label, 0)


def deletions(now: datetime) -> tuple[int, str]:
    """Accounts whose days of grace are over; one whose deletion was interrupted is begun again."""
    return deletion.enqueue_due(now), "accounts sent to be deleted"
