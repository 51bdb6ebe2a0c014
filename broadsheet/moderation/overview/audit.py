"""The audit log: everything that was done at the desk, in one list, the latest first. For supervisors.

Each kind of act stays in its own table, which nobody edits; here they are read side by side. A page asks each of them
for one range of an index behind the cursor and merges what comes, so the hundredth page costs what the first does.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Model, Q, QuerySet, TextChoices
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from broadsheet.core.numbers import whole
from broadsheet.moderation.models import Change, Decision, Source, ThreadDecision
from broadsheet.moderation.overview import parts
from broadsheet.moderation.overview.figures import span_of

PAGE = 50
MOST_EXPORTED = 20_000  # rows of a sheet; what is earlier is in the next one, by its dates
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Kind(TextChoices):
    """What an act was about."""

    COMMENTS = "comments", gettext_lazy("Decisions about comments")
    DISCUSSIONS = "discussions", gettext_lazy("Decisions about discussions")
    PEOPLE = "people", gettext_lazy("Warnings, suspensions and bans")
    CHANGES = "changes", gettext_lazy("Changes of rules and settings")
    IMPORTS = "imports", gettext_lazy("Imported comments")  # only where it is asked for: there may be a million at once


@dataclass(frozen=True)
class Act:
    """One line of the log. It names people and reasons, and never a comment's words."""

    at: datetime
    who: str
    what: str
    about: str = ""
    address: str = ""
    reason: str = ""
    how: str = ""
    note: str = ""
    changed: list[tuple[str, str, str]] = field(default_factory=list)  # name, before, after: as programs read them
    tell: Callable[[], list[parts.Told]] | None = field(default=None, compare=False)  # the same for people

    @property
    def told(self) -> list[parts.Told]:
        """What was changed, in the words of the desk's forms."""
        return self.tell() if self.tell else [parts.Told(name, False, *values) for name, *values in self.changed]


@dataclass(frozen=True)
class Asked:
    """What the log is narrowed by; everything may be missing."""

    kind: str = ""
    person: int | None = None
    first: date | None = None
    last: date | None = None

    def within(self, rows: QuerySet[Any], moment: str) -> QuerySet[Any]:
        """The rows of the days asked for."""
        if self.first:
            rows = rows.filter(**{f"{moment}__gte": span_of(self.first)[0]})
        return rows.filter(**{f"{moment}__lt": span_of(self.last)[1]}) if self.last else rows


@dataclass(frozen=True)
class Book:
    """One table of acts: its rows, the column of their moment, who did or met them, and a row in words."""

    kind: Kind
    rows: QuerySet[Any]
    moment: str
    people: tuple[str, ...]
    told: Callable[[Any], Act]


def books() -> Iterator[Book]:
    """Every table of acts (setting AUDIT_BOOKS: functions that give a Book, or None where there is no such table)."""
    for path in settings.AUDIT_BOOKS:
        if book := import_string(path)():
            yield book


def page(asked: Asked, cursor: str = "", size: int = PAGE) -> tuple[list[Act], str]:
    """A page of the log behind the cursor, and the next page's cursor; "" on the last. One query for each table."""
    found = list(heapq.merge(*(_rows(rank, book, asked, cursor, size) for rank, book in _ranked(asked))))[: size + 1]
    after = str(found[size - 1].place) if len(found) > size else ""
    return [each.book.told(each.row) for each in found[:size]], after


def every(asked: Asked) -> Iterator[Act]:
    """The whole log, or as much of it as a sheet holds."""
    cursor, left = "", MOST_EXPORTED
    while left > 0:
        acts, cursor = page(asked, cursor, min(500, left))
        yield from acts
        left -= len(acts)
        if not cursor:
            return


@dataclass(frozen=True)
class Place:
    """Where a row stands among all: by its moment, then by its table, then by its number."""

    moment: datetime
    rank: int
    pk: int

    def __str__(self) -> str:
        return f"{(self.moment - _EPOCH) // timedelta(microseconds=1)}.{self.rank}.{self.pk}"


def _read_place(cursor: str) -> Place | None:
    """A cursor that is none begins at the top."""
    numbers = [number for part in cursor.split(".") if (number := whole(part, 17)) is not None]
    if len(numbers) != 3 or cursor.count(".") != 2:
        return None
    micros, rank, pk = numbers
    try:
        return Place(_EPOCH + timedelta(microseconds=micros), rank, pk)
    except OverflowError:
        return None


@dataclass(frozen=True)
class _Found:
    place: Place
    book: Book
    row: Any

    def __lt__(self, other: _Found) -> bool:
        mine, theirs = self.place, other.place
        return (theirs.moment, mine.rank, theirs.pk) < (mine.moment, theirs.rank, mine.pk)


def _ranked(asked: Asked) -> list[tuple[int, Book]]:
    wanted = {asked.kind} if asked.kind else set(Kind) - {Kind.IMPORTS}
    return [(rank, book) for rank, book in enumerate(books()) if book.kind in wanted]


def _rows(rank: int, book: Book, asked: Asked, cursor: str, size: int) -> list[_Found]:
    rows = asked.within(book.rows, book.moment)
    if asked.person is not None:
        of = Q()
        for column in book.people:
            of |= Q(**{column: asked.person})
        rows = rows.filter(of)
    if place := _read_place(cursor):
        behind = "lt" if rank < place.rank else "lte"
        rows = rows.filter(**{f"{book.moment}__{behind}": place.moment})
        if rank == place.rank:
            rows = rows.exclude(**{book.moment: place.moment, "pk__gte": place.pk})
    some = rows.order_by(f"-{book.moment}", "-pk")[: size + 1]
    return [_Found(Place(getattr(row, book.moment), rank, row.pk), book, row) for row in some]


# --- The tables -------------------------------------------------------------------------------------------------------


def comments() -> Book:
    """Decisions about comments, by moderators and by rules."""
    return Book(Kind.COMMENTS, _decisions().exclude(source=Source.IMPORT), "created_at", ("moderator",), _decision)


def imports() -> Book:
    """Comments that came in with their status."""
    return Book(Kind.IMPORTS, _decisions().filter(source=Source.IMPORT), "created_at", ("moderator",), _decision)


def _decisions() -> QuerySet[Decision]:
    return Decision.objects.select_related("moderator", "comment__thread__story")


def _decision(row: Decision) -> Act:
    return Act(
        at=row.created_at,
        who=row.decided_by,
        what=row.act_label,
        about=_("Comment on %(story)s") % {"story": row.comment.thread.story.headline},
        address=reverse("moderation:comment", args=[row.comment_id]),
        reason=row.get_reason_display(),
        how=row.get_source_display(),
        note=row.note,
    )


def discussions() -> Book:
    """Decisions about discussions as a whole; a draft's may be there no more."""
    rows = ThreadDecision.objects.select_related("moderator")
    return Book(Kind.DISCUSSIONS, rows, "created_at", ("moderator",), _thread_decision)


def _thread_decision(row: ThreadDecision) -> Act:
    return Act(
        at=row.created_at,
        who=row.decided_by,
        what=row.get_act_display(),
        about=_("Story %(number)s") % {"number": row.thread_id},
        address=reverse("moderation:discussion", args=[row.thread_id]),
        changed=[("", row.before, row.after)],
    )


def people() -> Book | None:
    """What was done about readers."""
    rows = _sanctions()
    return None if rows is None else Book(Kind.PEOPLE, rows, "at", ("by", "reader"), _sanction)


def liftings() -> Book | None:
    """What was done about readers and taken back before its time."""
    rows = _sanctions()
    if rows is None:
        return None
    lifted = rows.exclude(lifted_at=None).select_related("lifted_by")
    return Book(Kind.PEOPLE, lifted, "lifted_at", ("lifted_by", "reader"), _lifting)


def _sanctions() -> QuerySet[Any] | None:
    try:
        model: type[Model] = apps.get_model("moderation", "Sanction")
    except LookupError:
        return None
    return model._default_manager.select_related("reader", "by")


def _sanction(row: Any) -> Act:
    return Act(
        at=row.at,
        who=row.by.name,
        what=str(row.get_kind_display()),
        about=row.reader.name if row.reader else "",
        reason=str(row.get_reason_display()),
        note=row.note,
    )


def _lifting(row: Any) -> Act:
    what = _("Lifted: %(sanction)s") % {"sanction": row.get_kind_display()}
    name = row.reader.name if row.reader else ""
    return Act(at=row.lifted_at, who=row.lifted_by.name, what=what, about=name, note=row.lifted_why)


def changes() -> Book:
    """Changes of rules, lists, schedules, rights and settings."""
    return Book(Kind.CHANGES, Change.objects.select_related("by"), "at", ("by",), _change)


WHAT = {
    "settings": pgettext_lazy("what was changed", "Settings"),
    "webhook": pgettext_lazy("what was changed", "Webhook"),
    "rule": pgettext_lazy("what was changed", "Rule"),
    "order of rules": pgettext_lazy("what was changed", "Order of the rules"),
    "list": pgettext_lazy("what was changed", "List of words or names"),
    "dry run": pgettext_lazy("what was changed", "Dry run of a rule"),
    "held in hindsight": pgettext_lazy("what was changed", "Held after a dry run"),
    "saved view": pgettext_lazy("what was changed", "Saved view"),
    "canned text": pgettext_lazy("what was changed", "Text to authors"),
    "schedule": pgettext_lazy("what was changed", "Hours of discussions"),
    "scope": pgettext_lazy("what was changed", "A moderator’s part of the paper"),
    "reader page": pgettext_lazy("what was changed", "What a reader says of themselves"),
    "scores": pgettext_lazy("what was changed", "How scores are used"),
    "scorer": pgettext_lazy("what was changed", "Another scorer"),
    "learned": pgettext_lazy("what was changed", "What the scorer learned"),
    "misread": pgettext_lazy("what was changed", "A score that is wrong for a name"),
    "legal hold": pgettext_lazy("what was changed", "Legal hold"),
    "seal opened": pgettext_lazy("what was changed", "Sealed words opened"),
    "order": pgettext_lazy("what was changed", "Order by an authority"),
    "trusted flagger": pgettext_lazy("what was changed", "Trusted flagger"),
}


def _change(row: Change) -> Act:
    return Act(
        at=row.at,
        who=row.by.name if row.by else _("The newsroom"),
        what=str(WHAT.get(row.what, row.what)),
        about=row.about,
        changed=difference(row.before, row.after),
        tell=partial(parts.told, row.what, row.before, row.after),
    )


def difference(before: Any, after: Any) -> list[tuple[str, str, str]]:
    """What is another, part by part, for programs: name, before, after."""
    return [(name, _raw(old), _raw(new)) for name, old, new in parts.differing(before, after)]


def _raw(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def sheet(acts: Iterable[Act]) -> Iterator[list[str]]:
    """The log as rows of a sheet, with their heads."""
    yield ["at", "by", "what", "about", "reason", "how", "note", "changed", "address"]
    for act in acts:
        changed = "; ".join(f"{name}: {before} → {after}".removeprefix(": ") for name, before, after in act.changed)
        at = act.at.astimezone(UTC).isoformat(timespec="seconds")
        address = settings.SITE_URL + act.address if act.address else ""
        yield [at, act.who, act.what, act.about, act.reason, act.how, act.note, changed, address]
