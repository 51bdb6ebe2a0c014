"""What a moderator reads about people: whom they look for, and everything about one of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from broadsheet.accounts.models import NameChange, Reader
from broadsheet.accounts.names import name_key
from broadsheet.core import clock
from broadsheet.discussion.models import Comment, Status
from broadsheet.moderation.models import Outcome
from broadsheet.moderation.people import scopes, traces
from broadsheet.moderation.people.models import PersonNote, Sanction
from broadsheet.moderation.reporters import Reliability, misuses, reliability_of
from broadsheet.stories.models import Section

FOUND = 30  # people to a search: who sees more types more
PAGE = 20


@dataclass(frozen=True)
class Found:
    """One person of a search: under which name they were found, and what holds against them."""

    reader: Reader
    former: str
    sanctions: list[Sanction]


@dataclass(frozen=True)
class Record:
    """What somebody's comments have come to, by status."""

    counts: dict[str, int]

    @property
    def statuses(self) -> list[tuple[str, str, int]]:
        return [(status.value, str(status.label), self.counts.get(status.value, 0)) for status in Status]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class Reported:
    """What came of the reports somebody made."""

    removed: int
    kept: int
    waiting: int
    gone: int
    reliability: Reliability
    misuse: Reliability | None

    @property
    def total(self) -> int:
        return self.removed + self.kept + self.waiting + self.gone


def find(words: str, moderator: Reader) -> list[Found]:
    """People whose name, or a former one, begins so; for supervisors also the one with that e-mail address."""
    words = words.strip()[:200]
    if "@" in words:
        rows = Reader.objects.filter(email=words.lower()) if moderator.is_supervisor else Reader.objects.none()
        return _found(rows[:FOUND], {}, moderator)
    key = name_key(words)
    if not key:
        return []
    now_so = list(Reader.objects.filter(name_key__startswith=key).order_by("name_key")[:FOUND])
    changes = NameChange.objects.filter(before_key__startswith=key).select_related("reader").order_by("before_key")
    once_so = {change.reader_id: change for change in changes[:FOUND]}
    known = {reader.pk for reader in now_so}
    others = [change.reader for pk, change in once_so.items() if pk not in known]
    former = {pk: change.before for pk, change in once_so.items() if pk not in known}
    return _found([*now_so, *others][:FOUND], former, moderator)


def _found(rows: Iterable[Reader], former: dict[int, str], moderator: Reader) -> list[Found]:
    readers = list(rows)
    held = in_force((reader.pk for reader in readers), moderator)
    return [Found(reader, former.get(reader.pk, ""), held.get(reader.pk, [])) for reader in readers]


def sanctions_in_force(moderator: Reader, before: int = 0) -> tuple[list[Sanction], int]:
    """What holds now where this moderator works, the latest first; and the next page's cursor or 0."""
    rows = _bearing_on(Sanction.objects.in_force().filter(reader__isnull=False), moderator)
    rows = rows.select_related("reader", "section", "by").order_by("-pk")
    found = list((rows.filter(pk__lt=before) if before else rows)[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else 0


def in_force(readers: Iterable[int], moderator: Reader | None = None) -> dict[int, list[Sanction]]:
    """The sanctions that hold now, by reader, the latest first; where `moderator` works. One query for all of them."""
    held = Sanction.objects.in_force().filter(reader__in=set(readers))
    rows = (_bearing_on(held, moderator) if moderator else held).select_related("section", "by").order_by("-pk")
    found: dict[int, list[Sanction]] = {}
    for row in rows:
        found.setdefault(row.reader_id or 0, []).append(row)
    return found


def record_of(reader: Reader) -> Record:
    """How many comments they have in each status."""
    rows = Comment.objects.filter(author=reader).values_list("status").annotate(count=Count("pk")).order_by()
    return Record(dict(rows))


def comments_of(reader: Reader, moderator: Reader, status: str, before: int) -> tuple[list[Comment], int]:
    """Their comments in that status (in any, where none is named), the latest first; and the next page's cursor or 0.

    A moderator of some sections sees those of their sections, and what everybody can read.
    """
    rows = Comment.objects.filter(author=reader).with_story().order_by("-pk")
    if status in Status.values:
        rows = rows.filter(status=status)
    mine = scopes.sections_of(moderator)
    if mine is not None:
        rows = rows.filter(Q(thread__story__section__in=mine) | Q(pk__in=Comment.objects.visible_to(None)))
    found = list((rows.filter(pk__lt=before) if before else rows)[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else 0


def reported_by(reader: Reader) -> Reported:
    """What came of their reports."""
    sums = dict(reader.reports.values_list("outcome").annotate(count=Count("pk")).order_by())
    return Reported(
        sums.get(Outcome.REMOVED, 0),
        sums.get(Outcome.KEPT, 0),
        sums.get(Outcome.WAITING, 0),
        sums.get(Outcome.GONE, 0),
        reliability_of([reader.pk])[reader.pk],
        misuses(reader, clock.now()),
    )


def notes_about(reader: Reader) -> list[PersonNote]:
    return list(reader.desk_notes.select_related("by").order_by("-pk"))


def history_of(reader: Reader, moderator: Reader) -> list[Sanction]:
    """Every sanction there was where this moderator works, the latest first."""
    rows = _bearing_on(reader.sanctions.all(), moderator)
    return list(rows.select_related("section", "by", "lifted_by").order_by("-pk"))


def _bearing_on(rows: QuerySet[Sanction], moderator: Reader) -> QuerySet[Sanction]:
    """Those that hold everywhere, and those of sections this moderator looks after."""
    mine = scopes.sections_of(moderator)
    return rows if mine is None else rows.filter(Q(section=None) | Q(section__in=mine))


def hints_about(reader: Reader) -> list[traces.Hint]:
    return traces.hints([reader.pk]).get(reader.pk, [])


def moderated(reader: Reader) -> list[tuple[Section, bool]]:
    """The paper's sections, and whether this moderator has been given each."""
    given = set(reader.moderated_sections.values_list("section", flat=True))
    return [(section, section.pk in given) for section in Section.objects.order_by("position", "name")]
