"""Writing to a story's reporters that there is a lead for them. The mail has none of the comment's words."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext, override

from broadsheet.core import clock
from broadsheet.core.mail import sender
from broadsheet.newsdesk.models import Lead
from broadsheet.newsdesk.rules import reporters_of

log = logging.getLogger("broadsheet.newsdesk")

AT_A_TIME = 20
GIVEN_UP = timedelta(days=2)  # they see it on their page all the same


def tell_reporters() -> int:
    """A regular job (setting JOBS): write of every lead that nobody was written to about; how many went out.

    Each is claimed before it is sent, so that two workers write once; what the mail server refused is tried again.
    """
    since = clock.now() - GIVEN_UP
    untold = Lead.objects.filter(told_at=None, created_at__gt=since).select_related("story").order_by("pk")
    return sum(_tell(lead) for lead in untold[:AT_A_TIME])


def _tell(lead: Lead) -> bool:
    if not Lead.objects.filter(pk=lead.pk, told_at=None).update(told_at=clock.now()):
        return False
    addresses = sorted({reader.mail_address for reader in reporters_of(lead.story)} - {""})
    if not addresses:
        return False
    try:
        _message(lead, addresses).send()
    except OSError:
        log.warning("Lead %d could not be told; it is tried again.", lead.pk)
        Lead.objects.filter(pk=lead.pk).update(told_at=None)
        return False
    return True


def _message(lead: Lead, addresses: list[str]) -> EmailMessage:
    with override(settings.LANGUAGE_CODE):
        facts = {
            "story": lead.story,
            "site_name": settings.SITE_NAME,
            "link": settings.SITE_URL + reverse("newsdesk:lead", args=[lead.pk]),
        }
        return EmailMessage(
            subject=" ".join((gettext("A lead on “%(story)s”") % {"story": lead.story.headline}).split()),
            body=render_to_string("newsdesk/mail/lead.txt", facts),
            from_email=sender(),
            to=addresses,
            headers={"Auto-Submitted": "auto-generated"},
        )
