"""The end of an account: asked for by its owner, who may change their mind for a while, and then carried out by a task.

What goes and what stays is told in docs/your-data.md. Each step can be done again, so a machine that stops in between
costs nothing: the next run begins where it was.
"""

from __future__ import annotations

import logging
import secrets
from datetime import datetime, timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.db.models import CASCADE, SET_NULL, ProtectedError
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django_tasks import task

from broadsheet.accounts import exports
from broadsheet.accounts.actions import facts_changed
from broadsheet.accounts.models import Deletion, Reader
from broadsheet.accounts.rules import works_here
from broadsheet.core import clock
from broadsheet.core.refusals import Refused, Stale, Unacceptable

NO_ADDRESS = "deleted.invalid"  # no address at all: RFC 6761 keeps .invalid for that

log = logging.getLogger("broadsheet.accounts.deletion")


def former_reader() -> str:
    """What stands beside the comments of somebody whose account is deleted, in the newsroom's language."""
    return _("Former reader")


def why_not_delete(reader: Reader) -> str | None:
    """Why this account cannot be deleted; None when it can. Who works here hands over first."""
    if works_here(reader) or reader.is_staff or reader.is_superuser or reader.groups.exists():
        return _("Your account belongs to the newsroom’s staff. Ask an administrator to take your role from it first.")
    return None


def grace_of(reader: Reader) -> timedelta:
    """How long somebody may change their mind. A guest could not come back to say so."""
    return timedelta() if reader.is_guest else settings.DELETION_GRACE


def ask_to_delete(*, reader: Reader, choice: str) -> Deletion:
    """Delete an account when the days of grace are over; until then its owner may take that back.

    Ends every session. Raises Refused for staff, Unacceptable when nothing is chosen.
    """
    if choice not in Deletion.Choice.values:
        raise Unacceptable(_("Please choose what is to become of your comments."))
    if why := why_not_delete(reader):
        raise Refused(why)
    now, grace = clock.now(), grace_of(reader)
    with transaction.atomic():
        due = now + grace
        given = {"choice": choice, "asked_at": now, "due_at": due}
        deletion = Deletion.objects.update_or_create(reader=reader, defaults=given)[0]
        end_sessions(reader)
    if grace:
        facts = {"due_at": due, "name": reader.name, "site_url": settings.SITE_URL}
        get_adapter().send_mail("accounts/email/deletion_asked", reader.email, facts)
    else:
        erase_account.enqueue(reader.pk)
    return deletion


def take_back(*, reader: Reader) -> None:
    """Keep the account after all. Raises Stale when its deletion has begun."""
    with transaction.atomic():
        person = Reader.objects.select_for_update().get(pk=reader.pk)
        if not person.is_active:
            raise Stale(_("It is too late: your account is being deleted."))
        Deletion.objects.filter(reader=person).delete()


def hurry(*, reader: Reader) -> None:
    """Delete an account without waiting for the rest of the grace."""
    if not Deletion.objects.filter(reader=reader).update(due_at=clock.now()):
        raise Stale(_("Your account is not about to be deleted."))
    end_sessions(reader)
    erase_account.enqueue(reader.pk)


def enqueue_due(now: datetime) -> int:
    """Begin, or begin again, every deletion whose time has come; how many."""
    due = list(Deletion.objects.filter(due_at__lte=now).values_list("reader_id", flat=True))
    for pk in due:
        erase_account.enqueue(pk)
    return len(due)


@task()
def erase_account(pk: int) -> None:
    """Delete the account of that number, where its owner still wants that."""
    erase(pk)


def erase(pk: int) -> None:
    """Everything of a reader, in steps that may be repeated; the row itself last."""
    found = _begun(pk)
    if found is None:
        return
    reader, choice = found
    for path in settings.ACCOUNT_ERASERS:
        import_string(path)(reader, choice)
    for export in list(reader.exports.all()):
        exports.remove(export)
    while not _finished(pk):  # somebody's last comment came in between
        for path in settings.ACCOUNT_ERASERS:
            import_string(path)(reader, choice)
    log.info("The account %s is deleted (%s).", pk, choice)


@transaction.atomic
def _begun(pk: int) -> tuple[Reader, str] | None:
    """Close the account, from which moment there is no way back; None where it is not to be deleted (any more)."""
    reader = Reader.objects.select_for_update().filter(pk=pk).first()
    deletion = Deletion.objects.filter(reader_id=pk).first()
    if reader is None or deletion is None or deletion.due_at > clock.now():
        return None
    if why_not_delete(reader):
        log.error("The account %s is not deleted: it has joined the staff since that was asked for.", pk)
        deletion.delete()
        return None
    reader.is_active = False
    reader.save(update_fields=["is_active"])
    facts_changed(reader)
    end_sessions(reader)
    return reader, deletion.choice


@transaction.atomic
def _finished(pk: int) -> bool:
    """Delete the row, or, where decisions of a former colleague point at it, leave it without a person."""
    reader = Reader.objects.select_for_update().get(pk=pk)
    if reader.comments.exists():
        return False
    try:
        with transaction.atomic():
            reader.delete()
    except ProtectedError:
        _empty(reader)
    return True


def _empty(reader: Reader) -> None:
    """Take everything personal from an account that must stay: what points at it goes as if the row had gone.

    Only decisions still point at it, and the desk's own log of stories, which keeps numbers of people and no more.
    """
    for relation in Reader._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and relation.is_relation) or relation.concrete or relation.many_to_many:
            continue
        column: Any = relation
        rows = column.related_model._base_manager.filter(**{column.field.name: reader})
        if column.on_delete is CASCADE:
            rows.delete()
        elif column.on_delete is SET_NULL:
            rows.update(**{column.field.name: None})
    reader.email = f"{secrets.token_hex(16)}@{NO_ADDRESS}"
    reader.name = f"{former_reader()} {reader.pk}"
    reader.about = reader.expertise = ""
    reader.is_active = reader.is_staff = reader.is_superuser = reader.has_public_page = reader.is_guest = False
    reader.last_login = reader.name_changed_at = None
    reader.set_unusable_password()
    reader.save()


def end_sessions(reader: Reader) -> None:
    """End every session of a reader, on every machine."""
    rows = UserSession.objects.filter(user=reader)
    store = _sessions()
    for key in rows.values_list("session_key", flat=True):
        store(key).delete()
    rows.delete()


def _sessions() -> type[SessionBase]:
    store: type[SessionBase] = import_string(f"{settings.SESSION_ENGINE}.SessionStore")
    return store
