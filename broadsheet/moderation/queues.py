"""The desk's queues: what waits, oldest first, and everything a moderator needs beside each comment.

A page is one range of an index after a cursor, never an OFFSET and never a COUNT over the table, and it costs the
same number of queries however much is on it or waits behind it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from django.db.models import Count, F, Max, Min, Q, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils.translation import gettext

from broadsheet.accounts.models import Reader
from broadsheet.discussion.models import Comment, CommentQuerySet, Flag, Status, Thread
from broadsheet.moderation import rules
from broadsheet.moderation.models import Decision, Entry, Outcome, Queue, Reason, Report
from broadsheet.moderation.tabs import COUNTED, Tab, capped

PAGE = 20  # cards: an hour's work is about ten of these pages
REPORTS_SHOWN = 5  # notes of each reason on a card; the comment's own page shows more
PICKS_SHOWN = 50
EVERY_REPORT = 200  # on the comment's own page


Row = TypeVar("Row", Flag, Decision)


@dataclass
class Grievance:
    """The waiting reports of one comment for one reason; of those with a note the first few are at hand."""

    reason: Reason
    count: int
    since: datetime
    last_report: int
    reports: list[Report] = field(default_factory=list)

    @property
    def unshown(self) -> int:
        return self.count - len(self.reports)


@dataclass
class Record:
    """What an author's comments have come to so far."""

    published: int = 0
    rejected: int = 0


@dataclass
class Card:
    """One comment on the desk with all that is known about it."""

    comment: Comment
    record: Record
    flags: list[Flag]  # about the words as they are now
    former_flags: list[Flag]  # about what they were before the last edit
    grievances: list[Grievance]
    decisions: list[Decision]
    cursor: int = 0
    next_card: int = 0
    why_not: str | None = None  # why the moderator who looks cannot decide here

    @property
    def screen(self) -> rules.Screen:
        """What this card shows, for the form to send back."""
        return rules.Screen(
            edited_at=self.comment.edited_at,
            last_decision=self.decisions[0].number if self.decisions else 0,
            last_report=max((grievance.last_report for grievance in self.grievances), default=0),
        )

    @property
    def reported(self) -> int:
        return sum(grievance.count for grievance in self.grievances)

    @property
    def has_side(self) -> bool:
        """Whether there is anything to say beside the comment."""
        return bool(
            self.grievances
            or self.flags
            or self.former_flags
            or self.decisions
            or self.comment.status == Status.PENDING
        )


@dataclass
class Page:
    """One page of a queue; `after` is the cursor of the next one, 0 on the last."""

    cards: list[Card]
    after: int = 0


def pending_page(after: int = 0) -> Page:
    """Comments that wait to be published, the oldest first, beginning behind the comment numbered `after`."""
    waiting = Comment.objects.filter(status=Status.PENDING).order_by("created_at", "pk")
    mark = Comment.objects.filter(pk=after).values_list("created_at", flat=True).first() if after else None
    if mark is not None:
        # Two conditions rather than one OR: the first is a range of the index, the second drops its first few rows.
        waiting = waiting.filter(created_at__gte=mark).exclude(created_at=mark, pk__lte=after)
    rows = list(_with_context(waiting)[: PAGE + 1])
    return _page([(comment.pk, comment) for comment in rows])


def reported_page(after: int = 0) -> Page:
    """Published comments with waiting reports, the longest waiting first, behind the queue's place `after`."""
    places = Entry.objects.filter(queue=Queue.REPORTED, pk__gt=after).order_by("pk")
    found = list(places.values_list("pk", "comment_id")[: PAGE + 1])
    comments = _with_context(Comment.objects.all()).in_bulk([comment for _, comment in found])
    return _page([(place, comments[comment]) for place, comment in found])


def talk_page(thread: int, after: int = 0) -> Page:
    """The published comments of one discussion, what changed last first, before the revision `after`."""
    said = Comment.objects.filter(thread=thread, status=Status.PUBLISHED).order_by("-revision")
    rows = list(_with_context(said.filter(revision__lt=after) if after else said)[: PAGE + 1])
    return _page([(comment.revision, comment) for comment in rows])


def picks_of(thread: Thread) -> list[Comment]:
    """What editors have picked in one discussion and readers can see, in the order of the page."""
    picked = Comment.objects.filter(thread=thread.pk, notable=True, picked_at__isnull=False)
    return list(picked.order_by("number", "reply_number")[:PICKS_SHOWN])


def card(comment: Comment) -> Card:
    """One comment's card with every flag, report and decision, for its own page."""
    return _cards([comment], most=EVERY_REPORT)[0]


def with_context(pk: int) -> Comment | None:
    """A comment with its story, author and parent; None when there is no such comment."""
    return _with_context(Comment.objects.filter(pk=pk)).first()


def every_report(comment: Comment) -> list[Report]:
    """The comment's reports, waiting and answered, the newest first; the latest few hundred of a campaign."""
    return list(comment.reports.select_related("reporter", "decision", "comment").order_by("-pk")[:EVERY_REPORT])


def waiting_counts() -> dict[str, str]:
    """How much waits in each queue, for the tabs: "7", or "50+" from there on."""
    pending = Comment.objects.filter(status=Status.PENDING).order_by()[: COUNTED + 1].count()
    reported = Entry.objects.filter(queue=Queue.REPORTED).order_by()[: COUNTED + 1].count()
    return {"pending": capped(pending), "reported": capped(reported)}


def tabs(moderator: Reader) -> list[Tab]:
    """The desk's own tabs (setting DESK_TABS)."""
    counts = waiting_counts()
    return [
        Tab("reported", reverse("moderation:reported"), gettext("Reported"), counts["reported"]),
        Tab("pending", reverse("moderation:pending"), gettext("Pending"), counts["pending"]),
        Tab("decisions", reverse("moderation:decisions"), gettext("Decisions"), group="desk"),
        Tab("discussions", reverse("moderation:discussions"), gettext("Discussions"), group="desk"),
    ]


def recent_decisions(after: int = 0) -> tuple[list[Decision], int]:
    """The latest decisions, the newest first, before the one numbered `after`; and the next page's cursor or 0."""
    rows = Decision.objects.select_related("moderator", "comment__thread__story").order_by("-pk")
    found = list((rows.filter(pk__lt=after) if after else rows)[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else 0


def _with_context(comments: CommentQuerySet) -> CommentQuerySet:
    return comments.with_story().select_related("author", "parent")


def _page(rows: list[tuple[int, Comment]]) -> Page:
    cards = _cards([comment for _, comment in rows[:PAGE]])
    for number, (place, _) in enumerate(rows[:PAGE]):
        cards[number].cursor = place
        cards[number].next_card = rows[number + 1][1].pk if number + 1 < len(cards) else 0
    return Page(cards, after=rows[PAGE - 1][0] if len(rows) > PAGE else 0)


def _cards(comments: list[Comment], most: int = REPORTS_SHOWN) -> list[Card]:
    """Cards for these comments: four queries for all of them together."""
    records = _records(comments)
    flags = _by_comment(Flag.objects.filter(comment__in=comments).order_by("-pk"))
    decisions = _by_comment(
        Decision.objects.filter(comment__in=comments).select_related("moderator").order_by("-number")
    )
    grievances = _grievances(comments, most)
    return [
        Card(
            comment=comment,
            record=records[comment.author_id],
            flags=[flag for flag in flags[comment.pk] if _is_current(flag, comment)],
            former_flags=[flag for flag in flags[comment.pk] if not _is_current(flag, comment)],
            grievances=grievances[comment.pk],
            decisions=decisions[comment.pk],
        )
        for comment in comments
    ]


def _is_current(flag: Flag, comment: Comment) -> bool:
    """Whether a finding is about the words as they stand, and not about what an edit has replaced."""
    return comment.edited_at is None or flag.created_at >= comment.edited_at


def _by_comment(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.comment_id].append(row)
    return found


def _records(comments: list[Comment]) -> dict[int | None, Record]:
    authors = {comment.author_id for comment in comments if comment.author_id}
    counted = (
        Comment.objects.filter(author__in=authors)
        .values("author")
        .annotate(
            published=Count("pk", filter=Q(status=Status.PUBLISHED)),
            rejected=Count("pk", filter=Q(status=Status.REJECTED)),
        )
        .order_by()
    )
    records: dict[int | None, Record] = defaultdict(Record)
    for row in counted:
        records[row["author"]] = Record(row["published"], row["rejected"])
    return records


def _grievances(comments: list[Comment], most: int) -> dict[int, list[Grievance]]:
    """Waiting reports by comment and reason, the commonest reason first, with at most `most` reports of each."""
    waiting = Report.objects.filter(comment__in=comments, outcome=Outcome.WAITING)
    sums = waiting.values("comment", "reason").annotate(count=Count("pk"), since=Min("created_at"), last=Max("pk"))
    found: dict[int, list[Grievance]] = defaultdict(list)
    groups: dict[tuple[int, str], Grievance] = {}
    for row in sums.order_by("-count", "since"):
        group = Grievance(Reason(row["reason"]), row["count"], row["since"], row["last"])
        groups[row["comment"], row["reason"]] = group
        found[row["comment"]].append(group)
    # Ranked in the database: a campaign of a thousand reports must not be fetched to show five notes.
    place = Window(RowNumber(), partition_by=[F("comment"), F("reason")], order_by=F("pk").asc())
    noted = waiting.exclude(note="").select_related("reporter").annotate(place=place)
    for report in noted.filter(place__lte=most).order_by("pk"):
        if its := groups.get((report.comment_id, report.reason)):
            its.reports.append(report)
    return found
