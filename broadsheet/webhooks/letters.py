"""E-mail to those who work at the desk: plain text, our words and our links. Written in the moment it goes."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from broadsheet.accounts.models import Reader
from broadsheet.core import clock, text
from broadsheet.core.language import glance, number
from broadsheet.discussion.models import Status
from broadsheet.moderation.overview import figures
from broadsheet.notifications.posting import headers
from broadsheet.notifications.rules import may_mail
from broadsheet.webhooks import offers
from broadsheet.webhooks.models import Digest, Endpoint, MailChoice, Offer


def digest(moderator: int, moment: str) -> EmailMessage | None:
    """What waits now, and since when; nothing where nothing does."""
    choice = MailChoice.objects.filter(moderator=moderator).exclude(digest=Digest.NEVER).first()
    reader = _present(moderator)
    if choice is None or reader is None or not reader.is_moderator:
        return None
    waiting = [each for each in figures.waiting(reader) if each.count and each.queue in figures.MUST]
    if not waiting:
        return None
    total, now = sum(each.count for each in waiting), clock.now()
    sentence = ngettext("%(number)s comment is waiting.", "%(number)s comments are waiting.", total)
    said = sentence % {"number": number(total)}
    context = {
        "said": said,
        "waiting": [
            {"label": each.queue.label, "count": number(each.count), "oldest": glance(now - (each.oldest or now))}
            for each in waiting
        ],
        "desk": _site(reverse("moderation:home")),
    }
    return _letter(reader, f"digest-{moderator}-{moment}", said, "webhooks/mail/digest.txt", context)


def offered(pk: int) -> EmailMessage | None:
    """A comment that waits, with the links that decide about it; nothing where somebody was quicker."""
    made = Offer.objects.filter(pk=pk).select_related("comment__thread__story", "moderator").first()
    if made is None or made.used_at or not offers.still_waits(made):
        return None
    reader, comment = _present(made.moderator_id), made.comment
    if reader is None or offers.why_not_decide_by_mail(reader, comment):
        return None
    story = comment.thread.story.headline
    held = comment.status == Status.PENDING
    sentence = _("A comment on “%(story)s” is held") if held else _("A comment on “%(story)s” is reported")
    said = sentence % {"story": story}
    context = {
        "said": said,
        "reasons": [each.get_reason_display() for each in comment.reports.filter(outcome="waiting").order_by("pk")[:5]],
        "words": text.plain(comment.html) if settings.MAIL_WORDS else "",
        "held": held,
        "links": {act: _site(reverse("by_mail", args=[token])) for act, token in offers.links(made).items()},
        "desk": _site(reverse("moderation:comment", args=[comment.pk])),
    }
    return _letter(reader, f"offer-{pk}", said, "webhooks/mail/offer.txt", context)


def switched_off(supervisor: int, endpoint: int) -> EmailMessage | None:
    """A webhook was switched off by itself."""
    reader, found = _present(supervisor), Endpoint.objects.filter(pk=endpoint).first()
    if reader is None or not reader.is_supervisor or found is None or found.is_on:
        return None
    said = _("The webhook “%(name)s” was switched off") % {"name": found.name}
    context = {"said": said, "why": found.off_why, "desk": _site(reverse("webhooks:endpoint", args=[endpoint]))}
    return _letter(reader, f"off-{endpoint}-{supervisor}", said, "webhooks/mail/switched_off.txt", context)


def _letter(reader: Reader, name: str, subject: str, template: str, context: dict[str, Any]) -> EmailMessage:
    settings_url = _site(reverse("webhooks:mail"))
    words = {**context, "site_name": settings.SITE_NAME, "settings_url": settings_url}
    return EmailMessage(
        subject=" ".join(subject.split())[:150],
        body=render_to_string(template, words),
        to=[reader.mail_address],
        headers={**headers(name), "List-Unsubscribe": f"<{settings_url}>"},
    )


def _present(pk: int) -> Reader | None:
    reader = Reader.objects.filter(pk=pk).first()
    return reader if reader and may_mail(reader) else None


def _site(path: str) -> str:
    return f"{settings.SITE_URL}{path}"
