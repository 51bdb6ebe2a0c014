"""Who our mail is from, and how it goes by SMTP; the desk is told while the server takes none."""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import formataddr, parseaddr
from smtplib import SMTPDataError, SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends import smtp

from broadsheet.core import troubles


def sender() -> str:
    """The setting's address, under the paper's name where the setting gives it none."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((name or settings.SITE_NAME, address))


class Backend(smtp.EmailBackend):
    """Django's own, which says nothing of what becomes of the mail to anybody but its caller."""

    def open(self) -> bool | None:
        try:
            return super().open()
        except OSError:  # every fault of a mail server is one
            troubles.note(troubles.MAIL)
            raise

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        try:
            sent = super().send_messages(email_messages)
        except (SMTPRecipientsRefused, SMTPDataError):  # one address or one letter, which says nothing of the next
            raise
        except OSError:
            troubles.note(troubles.MAIL)
            raise
        troubles.over(troubles.MAIL)
        return sent
