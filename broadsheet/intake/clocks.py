"""What of the rules' work is forgotten when its time is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from broadsheet.core.tidying import delete_all
from broadsheet.intake.models import Found, Run

FOUND_KEPT = timedelta(days=365)  # a rule's year is what its share of mistakes is read from
RUNS_KEPT = timedelta(days=90)


def old_findings(now: datetime) -> tuple[int, str]:
    """Forget which rule spoke about which comment a year ago, and what dry runs have found."""
    gone = delete_all(Found.objects.filter(at__lt=now - FOUND_KEPT))
    return gone + delete_all(Run.objects.filter(asked_at__lt=now - RUNS_KEPT)), _("findings of rules forgotten")
