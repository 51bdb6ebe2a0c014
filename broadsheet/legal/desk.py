"""What waits on the desk's legal page (setting DESK_TABS)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.legal.holds import WARNING
from broadsheet.legal.models import Answer, Appeal, Hold, HoldQuerySet, Notice, Order, Result
from broadsheet.moderation.people import scopes
from broadsheet.moderation.tabs import COUNTED, Tab, capped

SHOWN = 50  # rows of each list on the overview


@dataclass
class Waiting:
    """The lists of the overview, what is most urgent first."""

    notices: list[Notice]
    appeals: list[Appeal]
    holds: list[Hold]
    orders: list[Order]


def tabs(moderator: Reader) -> list[Tab]:
    """The legal page, with how much waits there: notices, appeals, holds that end within a week."""
    now = clock.now()
    waiting = (
        scopes.within(Notice.objects.filter(answer=Answer.WAITING), moderator),
        scopes.within(Appeal.objects.filter(result=Result.WAITING), moderator),
        holds_for(moderator).on(now).filter(expires_at__lte=now + WARNING),
    )
    number = sum(rows.order_by()[: COUNTED + 1].count() for rows in waiting)
    return [Tab("legal", reverse("legal:overview"), gettext("Legal"), capped(number), group="desk")]


def holds_for(moderator: Reader) -> HoldQuerySet:
    """The holds this moderator sees: of their sections, and those they look after."""
    mine = scopes.sections_of(moderator)
    rows = Hold.objects.all()
    return rows if mine is None else rows.filter(Q(thread__story__section__in=mine) | Q(owner=moderator))


def overview(moderator: Reader) -> Waiting:
    """What waits: notices by danger and age, appeals by age, holds by their end, unanswered orders.

    A moderator of some sections sees what is about comments there; what is about an account is for the others.
    """
    notices = scopes.within(Notice.objects.filter(answer=Answer.WAITING), moderator)
    notices = notices.select_related("flagger", "comment", "person")
    appeals = scopes.within(Appeal.objects.filter(result=Result.WAITING), moderator)
    appeals = appeals.select_related("comment", "first__moderator", "statement")
    holds = holds_for(moderator).on(clock.now()).select_related("owner", "thread__story", "comment")
    return Waiting(
        notices=list(notices.order_by("-is_danger", "pk")[:SHOWN]),
        appeals=list(appeals.order_by("pk")[:SHOWN]),
        holds=list(holds.order_by("expires_at", "pk")[:SHOWN]),
        orders=list(Order.objects.filter(answered_at=None).order_by("received_at")[:SHOWN]),
    )
