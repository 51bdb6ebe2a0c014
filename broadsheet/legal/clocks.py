"""What is forgotten of notices and holds when its time is over (setting CLOCKS)."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db.models import Q

from broadsheet.core.tidying import delete_all, some_at_a_time
from broadsheet.legal.models import Notice, Sealed
from broadsheet.moderation.actions import ADDRESSES_KEPT


def notices(now: datetime) -> tuple[int, str]:
    """Who gave notice and in which words, long after it was answered; that there was one, about what, and its answer
    stay.
    """
    old = Notice.objects.filter(answered_at__lt=now - settings.REPORTS_KEPT - settings.APPEAL_PERIOD)
    named = old.exclude(name="", email="", explanation="", legal_ground="")
    emptied = {"name": "", "email": "", "explanation": "", "legal_ground": ""}
    return (
        some_at_a_time(named, lambda keys: Notice.objects.filter(pk__in=keys).update(**emptied)),
        "old notices emptied",
    )


def addresses(now: datetime) -> tuple[int, str]:
    """The scrambled addresses of those who gave notice without an account, after a day."""
    old = Notice.objects.filter(created_at__lt=now - ADDRESSES_KEPT).exclude(address_key="")
    return old.update(address_key=""), "notice-givers' addresses forgotten"


def sealed(now: datetime) -> tuple[int, str]:
    """What was put away under a hold that is over: after six months for an order, and with the hold's end else."""
    over = Sealed.objects.filter(Q(hold__ended_at__isnull=False) | Q(hold__expires_at__lte=now))
    return delete_all(over), "sealed comments destroyed"
