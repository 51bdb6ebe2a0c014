"""Which notifications stand: those about something that the reader may read now.

The words are looked up when they are shown, and so is whether there are any: a reply that was removed in the meantime
is told of nowhere, neither in a list nor in a number nor in an e-mail. List, count, e-mail and browser all ask here.
"""

from __future__ import annotations

from datetime import UTC, datetime

from django.db.models import BigIntegerField, DateTimeField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from broadsheet.accounts.models import Mute, Reader
from broadsheet.core import clock
from broadsheet.discussion.models import Comment, Visit
from broadsheet.notifications.models import Kind, Notification
from broadsheet.stories.models import Story

MOST_COUNTED = 100  # new comments of one notification; more are "more than a hundred"
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)


def standing(reader: Reader) -> QuerySet[Notification]:
    """A reader's notifications, without those about what they cannot read, or not any more."""
    others = readable(reader)
    here = OuterRef("thread")
    gathered = others.filter(
        thread=here,
        revision__gte=OuterRef("revision"),
        published_at__gte=OuterRef("begins_at"),
        published_at__lt=Coalesce(OuterRef("ends_at"), Value(_NEVER), output_field=DateTimeField()),
    )
    visited = Subquery(Visit.objects.filter(reader=reader, thread=OuterRef("thread")).values("revision")[:1])
    unread = gathered.alias(visited=Coalesce(visited, Value(0), output_field=BigIntegerField())).filter(
        revision__gt=F("visited")
    )
    picked = Comment.objects.visible_to(None).filter(pk=OuterRef("comment"), picked_at__isnull=False)
    shown = Exists(Story.objects.public(clock.now()).filter(pk=here))
    about = others.filter(pk=OuterRef("comment"))
    own = Exists(Comment.objects.filter(pk=OuterRef("comment"), author=reader))
    return Notification.objects.filter(reader=reader).filter(
        Q(Exists(gathered.filter(parent=OuterRef("comment"))), kind=Kind.REPLY)
        | Q(Exists(about.filter(mentions__reader=reader)), kind=Kind.MENTION)
        | Q(Exists(unread), kind=Kind.THREAD)
        | Q(Exists(unread.filter(author=OuterRef("person"))), kind=Kind.PERSON)
        | Q(Exists(picked), kind=Kind.PICK)
        | Q(shown, own, kind__in=[Kind.DECISION, Kind.CORRECTION])
        | Q(kind__in=[Kind.OUTCOME, Kind.STANDING])
    )


def readable(reader: Reader) -> QuerySet[Comment]:
    """Comments of others that a reader may be told of: what everybody can read, but for whom they muted.

    A moderator is a reader like any other here: what is withheld stays at the desk, out of lists and mailboxes.
    """
    muted = Mute.objects.filter(reader=reader).values("muted")
    return Comment.objects.visible_to(None).filter(Q(author=None) | ~Q(author=reader) & ~Q(author__in=muted))


def gathered_by(notification: Notification, reader: Reader) -> QuerySet[Comment]:
    """The comments that one notification stands for, the latest first."""
    rows = readable(reader).filter(
        thread=notification.thread_id, revision__gte=notification.revision, published_at__gte=notification.begins_at
    )
    if notification.ends_at:
        rows = rows.filter(published_at__lt=notification.ends_at)
    if notification.kind == Kind.REPLY:
        return rows.filter(parent=notification.comment_id).order_by("-published_at", "-pk")
    if notification.kind == Kind.PERSON:
        rows = rows.filter(author=notification.person_id)
    visit = Visit.objects.filter(reader=reader, thread=notification.thread_id).first()
    return rows.filter(revision__gt=visit.revision if visit else 0).order_by("-published_at", "-pk")
