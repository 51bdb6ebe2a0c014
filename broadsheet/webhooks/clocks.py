"""What is forgotten of events and of mail to moderators when its time is over (setting CLOCKS)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from broadsheet.core.tidying import delete_all
from broadsheet.webhooks.models import Event, Offer

OFFERS_KEPT = timedelta(days=1)  # after a link has expired, so that whoever opens it late is told why


def old_events(now: datetime) -> tuple[int, str]:
    """Events with the log of their tries."""
    return delete_all(Event.objects.filter(at__lt=now - settings.WEBHOOK_LOG_KEPT)), _("old webhook events deleted")


def old_offers(now: datetime) -> tuple[int, str]:
    """Links of mail to moderators."""
    return delete_all(Offer.objects.filter(expires_at__lt=now - OFFERS_KEPT)), _("expired links of mail deleted")
