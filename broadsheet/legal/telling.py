"""A decision in words to the comment's author, with the way to its statement of reasons (NOTIFICATION_TELLERS)."""

from __future__ import annotations

from dataclasses import replace

from django.urls import reverse

from broadsheet.legal.models import Appeal, Statement
from broadsheet.legal.sanctions import statement_of
from broadsheet.legal.statements import address_of
from broadsheet.moderation import notices
from broadsheet.moderation.people import notices as people
from broadsheet.notifications.items import Told
from broadsheet.notifications.models import Notification


def decision(notification: Notification) -> Told | None:
    """What moderation says, leading to the statement of reasons, or to the appeal that was decided."""
    told = notices.decision(notification)
    if told is None:
        return None
    if statement := Statement.objects.filter(decision=notification.number).first():
        return replace(told, address=address_of(statement))
    if appeal := Appeal.objects.filter(second=notification.number, appellant=notification.reader_id).first():
        return replace(told, address=reverse("appeal", args=[appeal.token]))
    return told


def standing(notification: Notification) -> Told | None:
    """The same of a sanction: what moderation.people says, leading to the statement of reasons where there is one."""
    told = people.standing(notification)
    statement = statement_of(notification.number or 0)
    return replace(told, address=address_of(statement)) if told and statement else told
