"""E-mail of other apps, which no notification tells of: a task of the queue, written when it goes, tried again."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.crypto import salted_hmac
from django.utils.module_loading import import_string
from django.utils.translation import override
from django_tasks import task

from broadsheet.core import clock
from broadsheet.core.mail import sender
from broadsheet.notifications.mailing import PAUSES

log = logging.getLogger(__name__)


def post(writer: str, *facts: Any, after: datetime | None = None) -> None:
    """Have a letter sent, inside the caller's transaction: `writer` is the dotted path of a function that makes it of
    these facts when it goes, or says None where nothing is left to say.
    """
    send.using(run_after=after).enqueue(writer, list(facts))


def identity(name: str) -> str:
    """A Message-ID that nobody can guess from outside, and the same each time the letter is tried."""
    mark = salted_hmac("broadsheet.notifications.posting", name).hexdigest()[:16]
    return f"<{name}.{mark}@{urlsplit(settings.SITE_URL).hostname}>"


def headers(name: str) -> dict[str, str]:
    """What mail programs go by: that no person wrote it, and which letter it is."""
    return {"Message-ID": identity(name), "Auto-Submitted": "auto-generated"}


@task()
def send(writer: str, facts: list[Any], tries: int = 0) -> None:
    """Write one letter and send it; a server that takes none is asked again, a few times in two days."""
    with override(settings.LANGUAGE_CODE):
        message: EmailMessage | None = import_string(writer)(*facts)
    if message is None:
        return
    message.from_email = sender()
    try:
        message.send()
    except (OSError, ValueError) as fault:  # as in mailing
        log.warning("A letter by %s was not taken (%s).", writer, type(fault).__name__)
        if tries < len(PAUSES) and isinstance(fault, OSError):
            later: timedelta = PAUSES[tries]
            send.using(run_after=clock.now() + later).enqueue(writer, facts, tries + 1)
