"""Telling readers what concerns them. Each action runs inside the caller's transaction, and stands or falls with it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.core.tidying import delete_all
from broadsheet.discussion.models import Comment
from broadsheet.jobs.schedule import next_at_hour
from broadsheet.notifications import rules
from broadsheet.notifications.models import (
    ALWAYS,
    GATHERED,
    How,
    Kind,
    Mail,
    Notification,
    Preference,
    PushSubscription,
)

TOGETHER = timedelta(minutes=1)  # what is told at once waits so long for more, and for second thoughts of its author
AT_A_TIME = 500  # readers to a statement


def notify(
    *,
    reader: Reader | None,
    kind: str,
    comment: Comment,
    by: Reader | None = None,
    person: Reader | None = None,
    number: int | None = None,
    about: Comment | None = None,
) -> bool:
    """Tell one reader of something, once; False where they are not to hear of it.

    `comment` is what it is about (one's own that was answered; the one that names them), `by` who did it, `about` the
    comment that is new where that is another. `number` is a decision's, a report's or a notice's.
    """
    if reader is None:
        return False
    chosen = rules.may_hear(Reader.objects.filter(pk=reader.pk), by)
    return bool(notify_all(readers=chosen, kind=kind, comment=comment, person=person, number=number, about=about))


def notify_all(
    *,
    readers: QuerySet[Reader],
    kind: str,
    comment: Comment,
    person: Reader | None = None,
    number: int | None = None,
    about: Comment | None = None,
) -> int:
    """Tell many readers the same; how many were told of. They have been chosen by `rules.may_hear`."""
    what, new = Kind(kind), about or comment
    now = clock.now()
    keys = list(readers.values_list("pk", flat=True))
    for start in range(0, len(keys), AT_A_TIME):
        some = keys[start : start + AT_A_TIME]
        hows = rules.hows(some, what)
        Notification.objects.bulk_create(
            (
                Notification(
                    reader_id=pk,
                    kind=what,
                    comment=None if what in {Kind.THREAD, Kind.PERSON} else comment,
                    thread_id=comment.thread_id,
                    person=person,
                    number=number,
                    revision=new.revision if what in GATHERED else 0,
                    begins_at=(new.published_at or now) if what in GATHERED else now,
                    created_at=now,
                    is_urgent=hows[pk] == How.NOW,
                    mail_after=mail_moment(hows[pk], now),
                    key=_key(what, pk, comment, person, number),
                )
                for pk in some
            ),
            ignore_conflicts=True,
        )
    return len(keys)


def notify_correction(comment: Comment, notice: int) -> bool:
    """Tell the author of a comment that it led to a correction; `notice` is the number of the story's notice."""
    return notify(reader=comment.author, kind=Kind.CORRECTION, comment=comment, number=notice)


def notify_standing(*, reader: Reader, number: int, step: str = "") -> bool:
    """Tell a reader what was decided about their account, whatever they chose; False where they have no list.

    `number` is the sanction's; `step` names what happened to it since, for each of which there is one notification.
    """
    if not rules.may_hear(Reader.objects.filter(pk=reader.pk), None).exists():
        return False
    now = clock.now()
    row = Notification(
        reader=reader,
        kind=Kind.STANDING,
        number=number,
        begins_at=now,
        created_at=now,
        is_urgent=True,
        mail_after=mail_moment(How.NOW, now),
        key=f"{Kind.STANDING}:{reader.pk}:{number}:{step}",
    )
    Notification.objects.bulk_create([row], ignore_conflicts=True)
    return True


def mail_moment(how: str, now: datetime) -> datetime | None:
    """When an e-mail about what happens now is due."""
    if how == How.NEVER:
        return None
    return now + TOGETHER if how == How.NOW else next_at_hour(settings.DIGEST_HOUR, now)


def see(*, reader: Reader, pk: int | None = None) -> int:
    """Take notifications as read: one, or all that the reader has; how many. What is seen is not sent any more."""
    rows = Notification.objects.filter(reader=reader, seen_at=None)
    if pk is not None:
        rows = rows.filter(pk=pk)
    now = clock.database_now()
    with transaction.atomic():
        close(rows, now)
        return rows.update(seen_at=now, mail_after=None)


def close(rows: QuerySet[Notification], now: datetime) -> None:
    """Let what comes from now on be told anew, where these have gathered it so far."""
    rows.filter(kind__in=GATHERED, ends_at=None).update(ends_at=now, key=None)


def choose(*, reader: Reader, choices: Iterable[tuple[str, str]]) -> None:
    """Keep how a reader wants to hear of things, and let it hold for what has not been sent yet."""
    now = clock.now()
    with transaction.atomic():
        for kind, how in choices:
            Preference.objects.update_or_create(reader=reader, kind=Kind(kind), defaults={"how": How(how)})
            waiting = Notification.objects.filter(reader=reader, kind=kind, mail=None).exclude(mail_after=None)
            waiting.update(mail_after=mail_moment(how, now), is_urgent=how == How.NOW)


def send_nothing(*, readers: Iterable[Reader]) -> int:
    """Leave what these readers have been told so far in their lists, and send none of it; how many rows it was."""
    waiting = Notification.objects.filter(reader__in=[reader.pk for reader in readers], mail=None)
    return waiting.exclude(mail_after=None).update(mail_after=None, is_urgent=False)


def stop(*, reader: Reader, kind: str | None) -> None:
    """Send a reader no more e-mail about a kind of thing, or about nothing they have a choice about."""
    stopped = [Kind(kind)] if kind else list(Kind)
    choose(reader=reader, choices=[(each, How.NEVER) for each in stopped if each not in ALWAYS])


def _key(kind: Kind, reader: int, comment: Comment, person: Reader | None, number: int | None) -> str:
    """What makes two notifications one."""
    if kind == Kind.THREAD:
        return f"thread:{reader}:{comment.thread_id}"
    if kind == Kind.PERSON:
        return f"person:{reader}:{person.pk if person else 0}:{comment.thread_id}"
    if kind == Kind.CORRECTION and number is None:
        return f"{kind}:{reader}:{comment.pk}:answered"  # the desk has answered without a notice
    if kind == Kind.CORRECTION:
        return f"{kind}:{reader}:{comment.pk}"  # a comment is thanked for once, however often the story is published
    return f"{kind}:{reader}:{comment.pk}" + (f":{number}" if number is not None else "")


def forget(*, reader: Reader) -> None:
    """Remove all that is kept for one reader, or about them."""
    for rows in (
        Notification.objects.filter(Q(reader=reader) | Q(person=reader)),
        Mail.objects.filter(reader=reader),
        Preference.objects.filter(reader=reader),
        PushSubscription.objects.filter(reader=reader),
    ):
        delete_all(rows)
