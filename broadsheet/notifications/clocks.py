"""How long notifications are kept (setting CLOCKS)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from broadsheet.core.tidying import delete_all
from broadsheet.notifications.models import Mail, Notification

NOTIFICATIONS_KEPT = timedelta(days=180)
MAILS_KEPT = timedelta(days=30)


def old_notifications(now: datetime) -> tuple[int, str]:
    """Half a year after what they tell of."""
    rows = Notification.objects.filter(created_at__lt=now - NOTIFICATIONS_KEPT)
    return delete_all(rows), _("old notifications forgotten")


def old_mails(now: datetime) -> tuple[int, str]:
    """That a letter was sent is of no use after a month."""
    rows = Mail.objects.filter(made_at__lt=now - MAILS_KEPT, next_try_at=None)
    return delete_all(rows), _("records of letters forgotten")
