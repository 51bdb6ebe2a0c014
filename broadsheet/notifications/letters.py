"""An e-mail to a reader: our words, and others' as plain text. No link in it was made by a reader, and no picture."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language_info, ngettext, override

from broadsheet.core.language import number
from broadsheet.core.mail import sender
from broadsheet.notifications.items import Item
from broadsheet.notifications.models import ALWAYS, Kind, Mail
from broadsheet.notifications.tokens import stop_address

LONGEST_SUBJECT = 150  # characters


def letter(mail: Mail, items: list[Item]) -> EmailMultiAlternatives:
    """The e-mail that tells these things, in the newsroom's language."""
    with override(settings.LANGUAGE_CODE):
        kinds = {item.notification.kind for item in items}
        kind = Kind(kinds.pop()) if len(kinds) == 1 else None
        context = {
            "items": items,
            "subject": _subject(items),
            "kind": kind,
            "site_name": settings.SITE_NAME,
            "site_url": settings.SITE_URL,
            "reader": mail.reader,
            "language": get_language_info(settings.LANGUAGE_CODE),
            "list_url": settings.SITE_URL + reverse("notifications"),
            "settings_url": settings.SITE_URL + reverse("notifications_settings"),
            # What nobody can choose not to hear of has no link that would stop it.
            "stop_url": "" if kind in ALWAYS else settings.SITE_URL + stop_address(mail.reader, kind),
        }
        message = EmailMultiAlternatives(
            subject=context["subject"],
            body=render_to_string("notifications/mail/letter.txt", context),
            from_email=sender(),
            to=[mail.reader.email],
            headers=_headers(mail, items, str(context["stop_url"])),
        )
        message.attach_alternative(render_to_string("notifications/mail/letter.html", context), "text/html")
    return message


def _subject(items: list[Item]) -> str:
    if len(items) == 1:
        line = items[0].words
        return line if len(line) <= LONGEST_SUBJECT else f"{line[: LONGEST_SUBJECT - 1]}…"
    sentence = ngettext("%(number)s notification from %(site)s", "%(number)s notifications from %(site)s", len(items))
    return sentence % {"number": number(len(items)), "site": settings.SITE_NAME}


def _headers(mail: Mail, items: list[Item], stop: str) -> dict[str, str]:
    """What mail programs go by: how to stop it (RFC 2369, RFC 8058), that no person wrote it, what belongs together.

    The same letter has the same Message-ID each time it is tried, so that a server which got it twice can tell.
    """
    host = urlsplit(settings.SITE_URL).hostname
    headers = {
        "Message-ID": _identity(f"notice-{mail.pk}"),
        "List-Id": f"<notifications.{host}>",
        "Auto-Submitted": "auto-generated",
        "Precedence": "bulk",
    }
    if stop:
        headers["List-Unsubscribe"] = f"<{stop}>"
    if stop.startswith("https:"):
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    threads = {item.notification.thread_id for item in items}
    if len(threads) == 1 and None not in threads:
        headers["References"] = headers["In-Reply-To"] = _identity(f"discussion-{threads.pop()}")
    return headers


def _identity(name: str) -> str:
    """A Message-ID that nobody can guess from outside."""
    mark = salted_hmac("broadsheet.notifications.letters", name).hexdigest()[:16]
    return f"<{name}.{mark}@{urlsplit(settings.SITE_URL).hostname}>"
