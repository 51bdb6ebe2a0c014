"""What notifications know of a reader: for their export, and to be forgotten when their account goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from broadsheet.accounts.models import Reader
from broadsheet.accounts.sections import section
from broadsheet.core.tidying import delete_all
from broadsheet.notifications.models import How, Kind, Mail, Notification, Preference, PushSubscription

Row = dict[str, Any]


@section("notifications", _("Your notifications"), "notifications.Notification.reader")
def notifications(reader: Reader) -> Iterator[Row]:
    """What they were told of: the kind and where, as words are looked up when they are shown."""
    for each in reader.notifications.order_by("pk").iterator():
        yield {
            "kind": Kind(each.kind),
            "comment": each.comment_id,
            "story": each.thread_id,
            "created_at": each.created_at,
            "seen_at": each.seen_at,
        }


@section("notification_choices", _("How you want to hear"), "notifications.Preference.reader")
def choices(reader: Reader) -> Iterator[Row]:
    """What they have chosen; without a row it is as usual."""
    for each in reader.notification_preferences.order_by("pk"):
        yield {"kind": Kind(each.kind), "how": How(each.how)}


@section("letters", _("Mails we sent you"), "notifications.Mail.reader")
def letters(reader: Reader) -> Iterator[Row]:
    """That there were mails; their words are not kept."""
    for each in reader.notification_mails.order_by("pk").iterator():
        yield {"made_at": each.made_at, "sent_at": each.sent_at}


@section("woken_browsers", _("Browsers that are woken for you"), "notifications.PushSubscription.reader")
def browsers(reader: Reader) -> Iterator[Row]:
    """The addresses at which their browsers are woken."""
    for each in reader.push_subscriptions.order_by("pk"):
        yield {"address": each.endpoint, "since": each.created_at}


def erase(reader: Reader, choice: str) -> None:
    """What they were told, and what others were told of them as a person they follow."""
    delete_all(Notification.objects.filter(reader=reader))
    delete_all(Notification.objects.filter(person=reader))
    for model in (Mail, Preference, PushSubscription):
        delete_all(model._base_manager.filter(reader=reader))
