"""E-mail about notifications: gathered for each reader, made when it goes, sent once, tried again while nobody answers.

A mail server that has taken a letter and cannot say so any more is the one case in which it may come twice; it has the
same Message-ID then.
"""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.notifications import rules
from broadsheet.notifications.actions import close
from broadsheet.notifications.items import still_standing
from broadsheet.notifications.letters import letter
from broadsheet.notifications.models import Mail, Notification

log = logging.getLogger(__name__)

MOST_AN_HOUR = 4  # letters to one reader; what comes beyond waits, and goes as one
AT_A_TIME = 200  # readers, or letters, to one run
HOUR = timedelta(hours=1)
PAUSES = [timedelta(minutes=minutes) for minutes in (5, 15, 60, 240, 720, 1440)]  # after each try; then it is given up
REST = (30.0, 600.0)  # seconds in which a server that did not answer is left alone: at first, and at most
MOST_REFUSED = 3  # letters in a row: then it is the server

_rest = {"until": 0.0, "length": REST[0]}


def send_due() -> None:
    """Send the e-mail that is due by now."""
    gather(clock.now())
    send(clock.now())


def gather(now: datetime) -> int:
    """Make a letter for each reader who has something due; how many."""
    waiting = Notification.objects.filter(mail=None, mail_after__lte=now).order_by("reader")
    readers = list(waiting.values_list("reader", flat=True).distinct()[:AT_A_TIME])
    return sum(_gather(pk, now) for pk in readers)


@transaction.atomic
def _gather(pk: int, now: datetime) -> bool:
    """One reader's letter. The rows are locked: of two workers one makes it."""
    due = Notification.objects.filter(reader=pk, mail=None, mail_after__lte=now)
    keys = [row.pk for row in due.select_for_update(skip_locked=True, of=("self",))]
    rows, reader = Notification.objects.filter(pk__in=keys), Reader.objects.get(pk=pk)
    if not keys:
        return False
    if not rules.may_mail(reader):
        rows.update(mail_after=None)
        return False
    recent = list(reader.notification_mails.filter(made_at__gt=now - HOUR).order_by("made_at"))
    if len(recent) >= MOST_AN_HOUR:
        rows.update(mail_after=recent[0].made_at + HOUR)
        return False
    mail = Mail.objects.create(reader=reader, made_at=now, next_try_at=now)
    close(rows, clock.database_now())
    rows.update(mail=mail, mail_after=None)
    return True


def send(now: datetime) -> int:
    """Send the letters that are due; how many went. Without a mail server they wait, and no try is counted."""
    due = list(Mail.objects.filter(next_try_at__lte=now).order_by("next_try_at").select_related("reader")[:AT_A_TIME])
    if not due or time.monotonic() < _rest["until"] or not (server := _open()):
        return 0
    sent = refused = 0
    try:
        for mail in due:
            if refused >= MOST_REFUSED:
                break
            if not _claim(mail, now):
                continue
            if _deliver(mail, server):
                sent, refused = sent + 1, 0
            else:
                refused += 1
                server.close()  # it is in an unknown state; the next letter opens it again
    finally:
        server.close()
    return sent


def _open() -> BaseEmailBackend | None:
    server: BaseEmailBackend = get_connection()
    try:
        server.open()
    except OSError as fault:
        _rest.update(until=time.monotonic() + _rest["length"], length=min(_rest["length"] * 2, REST[1]))
        log.warning("The mail server does not answer (%s); mail waits.", type(fault).__name__)
        return None
    _rest.update(until=0.0, length=REST[0])
    return server


def _claim(mail: Mail, now: datetime) -> bool:
    """True for the one who sends it now; if they die over it, it is due again after the pause."""
    pause = PAUSES[min(mail.tries, len(PAUSES) - 1)]
    mine = Mail.objects.filter(pk=mail.pk, next_try_at=mail.next_try_at, tries=mail.tries)
    return bool(mine.update(tries=mail.tries + 1, next_try_at=now + pause))


def _deliver(mail: Mail, server: BaseEmailBackend) -> bool:
    """Make the letter from what its reader may read now, and send it. True when there is nothing more to do for it."""
    waiting = mail.notifications.filter(seen_at=None).values_list("pk", flat=True)
    items = still_standing(mail.reader, waiting) if rules.may_mail(mail.reader) else []
    if not items:
        Mail.objects.filter(pk=mail.pk).update(next_try_at=None)
        return True
    message = letter(mail, items)
    message.connection = server
    try:
        message.send()
    except (OSError, ValueError) as fault:  # smtplib's faults are OSErrors; a header that cannot be is a ValueError
        log.warning("The mail %d was not taken (%s).", mail.pk, type(fault).__name__)
        over = {"next_try_at": None} if mail.tries + 1 >= len(PAUSES) or isinstance(fault, ValueError) else {}
        Mail.objects.filter(pk=mail.pk).update(fault=type(fault).__name__, **over)
        return False
    Mail.objects.filter(pk=mail.pk).update(sent_at=clock.now(), next_try_at=None, fault="")
    return True
