"""The list of decisions, the latest first: all, or those of one moderator, one act, one way or one time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.core.numbers import whole
from broadsheet.moderation.models import ACT_LABELS, ACTS, Decision, Source
from broadsheet.moderation.people import scopes

PAGE = 20


@dataclass(frozen=True)
class Wanted:
    """Which decisions somebody wants to see; "" leaves that out of account."""

    moderator: str = ""  # an account's number, or "none": nobody in person
    act: str = ""
    source: str = ""
    since: str = ""  # days of the newsroom's calendar, as 2026-11-29
    until: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Wanted:
        """As the address has it; what cannot be read is left out."""
        moderator = given.get("moderator", "")
        return cls(
            moderator=moderator if whole(moderator) is not None or moderator == "none" else "",
            act=given.get("act", "") if given.get("act", "") in ACT_LABELS else "",
            source=given.get("source", "") if given.get("source", "") in Source.values else "",
            since=_day(given.get("since", "")),
            until=_day(given.get("until", "")),
        )

    @property
    def query(self) -> str:
        """The same, as the query of an address."""
        return urlencode({name: value for name, value in vars(self).items() if value})

    def of(self, rows: QuerySet[Decision]) -> QuerySet[Decision]:
        """Those of these decisions that are wanted."""
        if self.moderator:
            rows = rows.filter(moderator=None if self.moderator == "none" else int(self.moderator))
        if self.act:
            rows = rows.filter(_done_by(self.act))
        if self.source:
            rows = rows.filter(source=self.source)
        if self.since:
            rows = rows.filter(created_at__gte=_midnight(self.since))
        if self.until:
            rows = rows.filter(created_at__lt=_midnight(self.until, later=1))
        return rows


def page(wanted: Wanted, moderator: Reader, after: str = "") -> tuple[list[Decision], int]:
    """A page of them before the one numbered `after`, of the sections of whoever looks; the next page's cursor or 0."""
    made = scopes.within(Decision.objects.select_related("moderator", "comment__thread__story"), moderator)
    rows = wanted.of(made).order_by("-pk")
    if before := whole(after):
        rows = rows.filter(pk__lt=before)
    found = list(rows[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else 0


def choices() -> dict[str, Any]:
    """What the form offers."""
    moderators = Reader.objects.filter(pk__in=Decision.objects.order_by().values("moderator").distinct())
    return {"moderators": moderators.order_by("name"), "acts": ACT_LABELS.items(), "sources": Source.choices}


def _done_by(act: str) -> Q:
    """The columns of a decision with that act (see Decision.act)."""
    if act == "undone":
        return Q(undoes__isnull=False)
    by_mark = {
        "locked": Q(locked=True),
        "unlocked": Q(locked=False),
        "passed over": Q(considered=True),
        "picked": Q(picked=True),
        "unpicked": Q(picked=False, considered=False),
    }
    if act in by_mark:
        return Q(undoes=None) & by_mark[act]
    moves = [Q(seen=seen, after=after) for (seen, after), name in ACTS.items() if name == act]
    either = moves[0]
    for move in moves[1:]:
        either |= move
    return Q(undoes=None, picked=None, locked=None) & either


def _day(written: str) -> str:
    try:
        return date.fromisoformat(written).isoformat()
    except ValueError:
        return ""


def _midnight(day: str, later: int = 0) -> datetime:
    return datetime.combine(date.fromisoformat(day) + timedelta(days=later), time(), clock.newsroom_zone())
