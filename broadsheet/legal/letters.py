"""E-mail about notices, appeals and holds, to people who may have no account: our words and one link, nobody else's.

A letter is a task of the queue (jobs): it is written when it goes, and tried again while the server takes no mail.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_tasks import task

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.core.mail import sender
from broadsheet.legal.models import Answer, Appeal, Hold, Notice, Result, takes_appeals
from broadsheet.notifications.rules import may_mail

log = logging.getLogger(__name__)

PAUSES = [timedelta(minutes=minutes) for minutes in (5, 15, 60, 240, 720, 1440)]  # after each try; then it is given up


@dataclass(frozen=True)
class Letter:
    """To whom, about what, in which sentences, and the page that says the rest."""

    to: str
    subject: str
    lines: list[str]
    address: str


def post(what: str, pk: int) -> None:
    """Let a letter be sent, inside the caller's transaction; nothing where the newsroom sends no mail."""
    if settings.EMAIL_URL:
        send_letter.enqueue(what, pk)


@task()
def send_letter(what: str, pk: int, tries: int = 0) -> None:
    """Write one letter and send it; the same one has the same Message-ID each time it is tried."""
    with override(settings.LANGUAGE_CODE):
        letter = LETTERS[what](pk)
        if letter is None or not letter.to:
            return
        context = {"letter": letter, "link": settings.SITE_URL + letter.address, "site_name": settings.SITE_NAME}
        message = EmailMessage(
            subject=letter.subject,
            body=render_to_string("legal/mail/letter.txt", context),
            from_email=sender(),
            to=[letter.to],
            headers={"Message-ID": _identity(f"{what}-{pk}"), "Auto-Submitted": "auto-generated"},
        )
    try:
        message.send()
    except (OSError, ValueError) as fault:
        log.warning("The letter %s %d was not taken (%s).", what, pk, type(fault).__name__)
        if tries < len(PAUSES) and isinstance(fault, OSError):
            send_letter.using(run_after=clock.now() + PAUSES[tries]).enqueue(what, pk, tries + 1)


def _identity(name: str) -> str:
    mark = salted_hmac("broadsheet.legal.letters", name).hexdigest()[:16]
    return f"<{name}.{mark}@{urlsplit(settings.SITE_URL).hostname}>"


def mail_of(reader: Reader | None) -> str:
    """Where a letter reaches somebody with an account; "" where their address is not proved or they have gone."""
    return reader.mail_address if reader is not None and may_mail(reader) else ""


def _received(pk: int) -> Letter | None:
    notice = Notice.objects.filter(pk=pk).first()
    if notice is None:
        return None
    lines = [_("We have received your notice. A person looks at it; this letter is your receipt.")]
    return Letter(notice.email, _("Your notice of illegal content"), lines, reverse("notice", args=[notice.token]))


def _answered(pk: int) -> Letter | None:
    notice = Notice.objects.filter(pk=pk).select_related("decision").first()
    if notice is None or notice.is_waiting:
        return None
    lines = [f"{Answer(notice.answer).label}.", by_whom(notice)]
    if notice.answer == Answer.KEPT:
        lines.append(redress(can_appeal=takes_appeals()))
    subject = _("Your notice of illegal content has been answered")
    return Letter(notice.email, subject, lines, reverse("notice", args=[notice.token]))


def by_whom(notice: Notice) -> str:
    """Whether automation was used in deciding (article 16(6))."""
    if notice.decision is not None and notice.decision.moderator_id is None:
        return _("This was decided automatically, by a setting of the newsroom.")
    return _("A person decided it; no automatic means were used for that.")


def redress(*, can_appeal: bool) -> str:
    """What somebody can do who thinks that a decision is wrong."""
    if can_appeal:
        return _("If you think that this is wrong, you can appeal at the link below. You can also go to court.")
    return _("If you think that this is wrong, you can go to court.")


def _appealed(pk: int) -> Letter | None:
    appeal = Appeal.objects.filter(pk=pk).select_related("appellant", "notice", "report__reporter").first()
    if appeal is None or appeal.is_waiting:
        return None
    to = mail_of(appeal.appellant) or (appeal.notice.email if appeal.notice else "")
    lines = [f"{Result(appeal.result).label}."]
    return Letter(to, _("Your appeal has been decided"), lines, reverse("appeal", args=[appeal.token]))


def _expires(pk: int) -> Letter | None:
    hold = Hold.objects.filter(pk=pk).select_related("owner").first()
    if hold is None or not hold.is_on(clock.now()):
        return None
    line = _("It ends on %(moment)s. If it has to go on, give it a later end.")
    lines = [line % {"moment": clock.comment_moment(hold.expires_at)}]
    address = reverse("legal:hold", args=[hold.pk])
    return Letter(mail_of(hold.owner), _("A legal hold of yours ends soon"), lines, address)


LETTERS: dict[str, Callable[[int], Letter | None]] = {
    "received": _received,
    "answered": _answered,
    "appealed": _appealed,
    "expires": _expires,
}
