"""The figures of the transparency report (articles 15 and 24): counts and medians, nobody's words and nobody's name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from broadsheet.core import sheets
from broadsheet.core.language import glance
from broadsheet.discussion.models import Status
from broadsheet.legal.codes import Automation, Category, Restriction, SourceType
from broadsheet.legal.models import Answer, Appeal, Notice, Order, Result, Statement
from broadsheet.moderation.models import AUTOMATIC, Decision


@dataclass(frozen=True)
class Table:
    """One table of the report: a heading, what its columns count, and a row for each thing counted."""

    title: str
    head: list[str]
    rows: list[list[str | int]]

    @property
    def is_empty(self) -> bool:
        return not any(isinstance(cell, int) and cell for row in self.rows for cell in row)


def report(start: datetime, end: datetime) -> list[Table]:
    """All tables of a period."""
    return [
        _notices(start, end),
        _actions(start, end),
        _restrictions(start, end),
        _automation(start, end),
        _appeals(start, end),
        _orders(start, end),
    ]


def as_sheet(tables: Iterable[Table]) -> bytes:
    """The report as CSV: a line for each figure."""
    rows = [
        [table.title, row[0], name, value]
        for table in tables
        for row in table.rows
        for name, value in zip(table.head[1:], row[1:], strict=True)
    ]
    return sheets.write([[_("Table"), _("Row"), _("Figure"), _("Value")], *rows])


def _notices(start: datetime, end: datetime) -> Table:
    """What came in by category, what came of it, and how long that took in the middle."""
    rows = Notice.objects.filter(created_at__gte=start, created_at__lt=end)
    counts = (
        rows.values("category")
        .annotate(
            all=Count("pk"),
            flaggers=Count("pk", filter=Q(flagger__isnull=False)),
            removed=Count("pk", filter=Q(answer=Answer.REMOVED)),
            kept=Count("pk", filter=Q(answer=Answer.KEPT)),
        )
        .order_by()
    )
    found = {row["category"]: row for row in counts}
    times = _times(rows.exclude(answered_at=None).values_list("category", "created_at", "answered_at"))
    head = [
        _("About"), pgettext("of illegal content", "Notices"),
        _("By trusted flaggers"), _("Content removed"), _("Content left"),
        _("Median time to an answer"),
    ]  # fmt: skip
    shown: list[list[str | int]] = [
        [
            str(category.label),
            *(found[category][name] for name in ("all", "flaggers", "removed", "kept")),
            _middle(times[category]),
        ]
        for category in Category
        if category in found
    ]
    every = [span for spans in times.values() for span in spans]
    total = [sum(row[name] for row in found.values()) for name in ("all", "flaggers", "removed", "kept")]
    return Table(_("Notices of illegal content"), head, [*shown, [_("All together"), *total, _middle(every)]])


def _actions(start: datetime, end: datetime) -> Table:
    """Why we acted, by what it was about and by what led to it."""
    rows = _statements(start, end)
    counted = rows.values("category", "source").annotate(number=Count("pk")).order_by()
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for row in counted:
        found[row["category"]][row["source"]] = row["number"]
    sources = [SourceType.OWN, SourceType.REPORTS, SourceType.NOTICE, SourceType.FLAGGER]
    shown: list[list[str | int]] = [
        [str(category.label), *(found[category].get(source, 0) for source in sources)]
        for category in Category
        if category in found
    ]
    total = [sum(each.get(source, 0) for each in found.values()) for source in sources]
    head = [_("About"), *(str(source.label) for source in sources)]
    return Table(_("Restrictions, by what led to them"), head, [*shown, [_("All together"), *total]])


def _restrictions(start: datetime, end: datetime) -> Table:
    counted = dict(_statements(start, end).values_list("restriction").annotate(Count("pk")).order_by())
    rows: list[list[str | int]] = [[str(each.label), counted.get(each, 0)] for each in Restriction]
    return Table(_("Restrictions, by their kind"), [_("Restriction"), _("Number")], rows)


def _automation(start: datetime, end: datetime) -> Table:
    """What nobody decided, and how often a person found it wrong later: the rate of error of article 15(1)(e)."""
    rows = _statements(start, end)
    by_people = rows.filter(automation=Automation.NOT)
    automatic = Decision.objects.filter(
        created_at__gte=start, created_at__lt=end, source__in=AUTOMATIC, after=Status.REJECTED
    )
    undone = automatic.filter(
        comment__decisions__number__gt=F("number"),
        comment__decisions__after=Status.PUBLISHED,
        comment__decisions__moderator__isnull=False,
    )
    found: list[list[str | int]] = [
        [_("Found by an automatic check, decided by a person"), by_people.filter(is_detected=True).count()],
        [_("Decided automatically"), rows.filter(automation=Automation.FULLY).count()],
        [_("Removed automatically and put back by a person"), undone.values("pk").distinct().count()],
    ]
    return Table(_("Automatic means"), [_("What"), _("Number")], found)


def _appeals(start: datetime, end: datetime) -> Table:
    rows = Appeal.objects.filter(created_at__gte=start, created_at__lt=end)
    counted = dict(rows.values_list("result").annotate(Count("pk")).order_by())
    times = _times(rows.values_list("result", "created_at", "decided_at"))
    every = [span for spans in times.values() for span in spans]
    found: list[list[str | int]] = [
        [_("All together"), sum(counted.values())],
        *([str(result.label), counted.get(result, 0)] for result in Result),
        [_("Median time to an answer"), _middle(every)],
    ]
    return Table(_("Appeals"), [_("What"), _("Number")], found)


def _orders(start: datetime, end: datetime) -> Table:
    rows = Order.objects.filter(received_at__gte=start, received_at__lt=end)
    counted = dict(rows.values_list("kind").annotate(Count("pk")).order_by())
    times = _times(rows.exclude(answered_at=None).values_list("kind", "received_at", "answered_at"))
    found: list[list[str | int]] = [
        [str(kind.label), counted.get(kind, 0), _middle(times[kind])] for kind in Order.Kind
    ]
    return Table(_("Orders by authorities"), [_("What"), _("Number"), _("Median time to an answer")], found)


def _statements(start: datetime, end: datetime) -> QuerySet[Statement]:
    return Statement.objects.filter(created_at__gte=start, created_at__lt=end)


def _times(rows: Iterable[tuple[str, datetime, datetime | None]]) -> dict[str, list[timedelta]]:
    found: dict[str, list[timedelta]] = defaultdict(list)
    for name, began, ended in rows:
        if ended:
            found[name].append(ended - began)
    return found


def _middle(spans: list[timedelta]) -> str:
    """The median, in one unit; a dash where there is nothing to measure."""
    return glance(timedelta(seconds=median(span.total_seconds() for span in spans))) if spans else "–"
