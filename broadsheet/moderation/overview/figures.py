"""The desk in numbers: one day's are counted once and kept; a period is the sum of its days and of today so far.

A page therefore reads at most ninety small rows and today's index range, however many decisions there are.

Times to decision are kept as a histogram whose buckets grow by a tenth, so that the days of a period can be added. A
percentile is that of the nearest rank, told as the middle of its bucket: within 5% of the exact one (`MOST_WRONG`).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.discussion.models import Comment, Status, Thread
from broadsheet.moderation.models import AUTOMATIC, Decision, Entry, Outcome, Queue, Report, Source
from broadsheet.moderation.overview.models import Day, DayIn, DayOf
from broadsheet.moderation.people import scopes
from broadsheet.stories.models import Section

PERIODS = (7, 30, 90)  # days one can look back; today is the last of them
GROWTH = 1.1  # each bucket's end is so many times its beginning
MOST_WRONG = math.sqrt(GROWTH) - 1  # of a percentile, against the exact one: 4.9%
LOOK_BACK = 400  # days that are counted when the overview is new
LATE = timedelta(hours=1)  # a decision may be committed a little later than it was made
FRESH = 10  # seconds for which today's numbers serve everybody who looks
BUSY = timedelta(hours=24)
MUST = (Queue.REPORTED, Queue.PENDING, Queue.APPEALS)  # where somebody waits; what is public already can wait for us
BUSIEST = 8
ABOUT_STATUS = Q(picked=None, locked=None)  # decisions on whether a comment is shown


@dataclass
class Figures:
    """Numbers of a day, or of several together."""

    acts: Counter[str] = field(default_factory=Counter)
    sources: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)  # for which comments were rejected
    waited: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))  # source: bucket: decisions
    reports: Counter[str] = field(default_factory=Counter)  # made, agreed, kept

    def add(self, row: dict[str, Any]) -> None:
        """Count what another day's row holds."""
        for name in ("acts", "sources", "reasons", "reports"):
            getattr(self, name).update(row.get(name, {}))
        for source, buckets in row.get("waited", {}).items():
            self.waited[source].update({int(bucket): number for bucket, number in buckets.items()})

    @property
    def people(self) -> int:
        """Decisions that somebody made."""
        return sum(number for source, number in self.sources.items() if source not in AUTOMATIC)

    @property
    def rules(self) -> int:
        """Decisions that the newsroom's rules made; an import is neither theirs nor anybody's work."""
        return sum(self.sources[source] for source in (Source.RULE, Source.REPORTS))

    @property
    def answered(self) -> int:
        """Reports that an editor has answered."""
        return self.reports["agreed"] + self.reports["kept"]

    def buckets(self, source: str = "") -> Counter[int]:
        """How long decisions took: of one source, or of all."""
        return self.waited[source] if source else sum(self.waited.values(), Counter())

    @property
    def timed(self) -> int:
        """Decisions about comments that had waited in a queue."""
        return sum(self.buckets().values())


def bucket_of(seconds: float) -> int:
    """Which bucket a time belongs to; 0 is everything up to a second."""
    return 0 if seconds <= 1 else 1 + math.floor(math.log(seconds) / math.log(GROWTH))


def middle(bucket: int) -> float:
    """The seconds that a bucket stands for: no time in it is further away than MOST_WRONG says."""
    return GROWTH ** (bucket - 0.5) if bucket else 1.0


def percentile(buckets: Counter[int], share: float) -> timedelta | None:
    """The time within which that share of decisions was made, by the nearest rank; None where there are none."""
    rank = math.ceil(share * sum(buckets.values()))
    for bucket in sorted(buckets):
        rank -= buckets[bucket]
        if rank <= 0 and buckets[bucket]:
            return timedelta(seconds=middle(bucket))
    return None


# --- A day ------------------------------------------------------------------------------------------------------------


def today() -> date:
    """The date on the newsroom's wall."""
    return clock.in_newsroom(clock.now()).date()


def span_of(day: date) -> tuple[datetime, datetime]:
    """When a day of the newsroom's clock begins and ends; it has 23 or 25 hours twice a year."""
    zone = clock.newsroom_zone()
    return datetime.combine(day, time(), zone), datetime.combine(day + timedelta(days=1), time(), zone)


def counted(day: date, section: int | None = None) -> dict[str, Any]:
    """One day's numbers, of the whole paper or a section, as its row keeps them.

    Four short queries over that day's part of an index.
    """
    begins, ends = span_of(day)
    there = {"comment__thread__story__section": section} if section else {}
    made = Decision.objects.filter(created_at__gte=begins, created_at__lt=ends, **there)
    acts: Counter[str] = Counter()
    sources: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    facts = ("seen", "after", "picked", "locked", "considered", "reason", "source")
    for row in made.values(*facts, undone=Q(undoes__isnull=False)).annotate(number=Count("pk")).order_by():
        number, undone = row.pop("number"), row.pop("undone")
        act = "undone" if undone else Decision(**row).change
        acts[act] += number
        sources[row["source"]] += number
        if act == "rejected":
            reasons[row["reason"]] += number
    waited: dict[str, Counter[int]] = defaultdict(Counter)
    timed = made.filter(ABOUT_STATUS).exclude(waited=None).values_list("source", "waited")
    for source, how_long in timed.iterator():
        waited[source][bucket_of(how_long.total_seconds() if how_long else 0)] += 1
    return {
        "acts": dict(acts),
        "sources": dict(sources),
        "reasons": dict(reasons),
        "waited": {source: {str(bucket): n for bucket, n in sorted(each.items())} for source, each in waited.items()},
        "reports": _reports(begins, ends, there),
    }


def _reports(begins: datetime, ends: datetime, there: dict[str, int]) -> dict[str, int]:
    reports = Report.objects.filter(**there)
    answers = reports.filter(decision__created_at__gte=begins, decision__created_at__lt=ends).aggregate(
        agreed=Count("pk", filter=Q(outcome=Outcome.REMOVED)), kept=Count("pk", filter=Q(outcome=Outcome.KEPT))
    )
    return {"made": reports.filter(created_at__gte=begins, created_at__lt=ends).count(), **answers}


def by_moderator(day: date, only: Reader | None = None) -> list[dict[str, Any]]:
    """What each moderator did on a day, or one of them: moderator (a number), acts, rejected."""
    begins, ends = span_of(day)
    made = Decision.objects.filter(created_at__gte=begins, created_at__lt=ends).exclude(moderator=None)
    if only:
        made = made.filter(moderator=only)
    rejected = Count("pk", filter=Q(after=Status.REJECTED) & ABOUT_STATUS)
    return list(made.values("moderator").annotate(acts=Count("pk"), rejected=rejected).order_by())


def count_days() -> int:
    """Count every day that is over and not yet counted, or not by sections; how many (a job of the setting JOBS).

    A day that was counted within an hour after its end is counted once more (LATE).
    """
    now, last = clock.now(), today() - timedelta(days=1)
    rows = Day.objects.all()
    if Section.objects.exists():  # else no day would ever be done
        rows = rows.filter(Exists(DayIn.objects.filter(day=OuterRef("day"))))
    counted_at = rows.values_list("day", "counted_at")
    done = {day for day, at in counted_at if at >= span_of(day)[1] + LATE}
    days = [day for day in _days(_first_day(last), last) if day not in done]
    for day in days:
        _keep(day, now)
    return len(days)


def _first_day(last: date) -> date:
    first = Decision.objects.aggregate(at=Min("created_at"))["at"]
    earliest = last - timedelta(days=LOOK_BACK)
    return max(earliest, clock.in_newsroom(first).date()) if first else last


@transaction.atomic
def _keep(day: date, now: datetime) -> None:
    Day.objects.update_or_create(day=day, defaults={"figures": counted(day), "counted_at": now})
    DayIn.objects.filter(day=day).delete()
    DayIn.objects.bulk_create(
        DayIn(section_id=pk, day=day, figures=counted(day, pk)) for pk in Section.objects.values_list("pk", flat=True)
    )
    DayOf.objects.filter(day=day).delete()
    DayOf.objects.bulk_create(
        DayOf(moderator_id=row["moderator"], day=day, acts=row["acts"], rejected=row["rejected"])
        for row in by_moderator(day)
    )


# --- A period ---------------------------------------------------------------------------------------------------------


@dataclass
class Period:
    """The last so many days, each with its numbers, and all of them together."""

    days: list[tuple[date, Figures]]
    whole: Figures

    @property
    def first(self) -> date:
        return self.days[0][0]


def period(length: int, section: int | None = None) -> Period:
    """The last `length` days up to now, of the whole paper or a section.

    Two queries, and today's count when nobody has asked within ten seconds.
    """
    last = today()
    first = last - timedelta(days=length - 1)
    kept = DayIn.objects.filter(section=section) if section else Day.objects.all()
    rows = dict(kept.filter(day__gte=first, day__lt=last).values_list("day", "figures"))
    rows[last] = _today(last, section)
    whole, days = Figures(), []
    for day in _days(first, last):
        figures = Figures()
        figures.add(rows.get(day, {}))
        whole.add(rows.get(day, {}))
        days.append((day, figures))
    return Period(days, whole)


def _today(day: date, section: int | None) -> dict[str, Any]:
    return cache.get_or_set(f"desk-day-{day}-{section or ''}", lambda: counted(day, section), FRESH) or {}


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


# --- Now --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Waiting:
    """One queue: how much is in it, and since when the oldest."""

    queue: Queue
    count: int
    oldest: datetime | None


@dataclass(frozen=True)
class Busy:
    """A story under which much is written just now."""

    thread: Thread
    comments: int
    waiting: int


def waiting(moderator: Reader) -> list[Waiting]:
    """Every queue as it is now for this moderator; one query."""
    places = scopes.within(Entry.objects.all(), moderator, "section")
    rows = {
        row["queue"]: row for row in places.values("queue").annotate(number=Count("pk"), oldest=Min("since")).order_by()
    }
    return [
        Waiting(queue, rows[queue]["number"], rows[queue]["oldest"]) if queue in rows else Waiting(queue, 0, None)
        for queue in Queue
    ]


def busiest(now: datetime, moderator: Reader) -> list[Busy]:
    """Where most was written within a day; three queries, over a day's part of an index."""
    written = scopes.within(_written(now), moderator, "thread__story__section")
    said = written.values("thread").annotate(number=Count("pk")).order_by("-number", "thread")[:BUSIEST]
    numbers = {row["thread"]: row["number"] for row in said}
    threads = Thread.objects.filter(pk__in=numbers).select_related("story").in_bulk()
    held = Entry.objects.filter(thread__in=numbers).values("thread").annotate(number=Count("comment", distinct=True))
    waits = dict(held.order_by().values_list("thread", "number"))
    return [Busy(threads[pk], number, waits.get(pk, 0)) for pk, number in numbers.items()]


def _written(now: datetime) -> QuerySet[Comment]:
    # By every status, for the index begins with it.
    return Comment.objects.filter(status__in=Status.values, created_at__gte=now - BUSY)


def sources_in(figures: Figures) -> Iterable[Source]:
    """Through what decisions were made of which we know how long they took."""
    return [source for source in Source if figures.waited.get(source)]
