"""What is forgotten of the news desk's work when its time is over (setting CLOCKS)."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from broadsheet.core.tidying import delete_all
from broadsheet.newsdesk.models import Correction, Lead, State


def old_work(now: datetime) -> tuple[int, str]:
    """Leads and declined corrections, as long after as the notes of answered reports; what is published stays."""
    before = now - settings.REPORTS_KEPT
    gone = delete_all(Correction.objects.filter(state=State.DECLINED, settled_at__lt=before))
    return gone + delete_all(Lead.objects.filter(created_at__lt=before)), "old leads and declined corrections deleted"
