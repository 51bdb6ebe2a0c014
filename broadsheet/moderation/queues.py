"""The desk's queues: what waits, the most urgent first, and everything a moderator needs beside each comment.

A page is one range of an index after a cursor, never an OFFSET and never a COUNT over the table, and it costs the
same number of queries however much is on it or waits behind it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from django.db.models import Count, F, Max, Min, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.discussion.models import Comment, CommentQuerySet, Flag, Status, Thread
from broadsheet.moderation import buttons, claims, likeness, records, rules
from broadsheet.moderation.models import Decision, Entry, Opinion, Outcome, Queue, Reason, Report
from broadsheet.moderation.narrowing import Cursor, Narrowed, in_order, places_in
from broadsheet.moderation.parts import Part, parts_of
from broadsheet.moderation.tabs import COUNTED, capped
from broadsheet.stories.models import Notice

PAGE = 20  # cards: an hour's work is about ten of these pages
REPORTS_SHOWN = 5  # notes of each reason on a card; the comment's own page shows more
PICKS_SHOWN = 50
EVERY_REPORT = 200  # on the comment's own page
HARSH = {Reason.ABUSIVE, Reason.HATEFUL, Reason.ILLEGAL}
HARSH_SCORE = 0.5


Row = TypeVar("Row", Flag, Decision, Entry, Opinion)


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
class Card:
    """One comment on the desk with all that is known about it."""

    comment: Comment
    author: records.Record
    flags: list[Flag]  # about the words as they are now
    former_flags: list[Flag]  # about what they were before the last edit
    grievances: list[Grievance]
    decisions: list[Decision]
    opinions: list[Opinion]
    chain: list[Comment]  # what it answers, from the conversation's first comment on, its parent last
    is_chain_cut: bool  # there is more between the first and the next of the chain
    notices: list[Notice]  # what was corrected in the story, the latest first
    alike: list[likeness.Alike]
    parts: list[Part]
    places: list[Entry]  # where it waits
    place: Entry | None = None  # the one of them that the page shows
    cursor: str = ""
    next_card: int = 0
    why_not: str | None = None  # why the moderator who looks cannot decide here
    held: str = ""  # which colleague holds it, in a sentence
    is_mine: bool = False  # the moderator who looks holds it
    acts: list[str] = field(default_factory=list)  # what they can do (buttons.py)
    undo: int | None = None  # the decision of theirs that they can undo, by its row's number

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
    def queues(self) -> set[str]:
        """The names of the queues in which it waits."""
        return {str(place.queue) for place in self.places}

    @property
    def can_be_kept(self) -> bool:
        """Whether there is something to answer by leaving a public comment as it is."""
        return bool(self.queues & {Queue.REPORTED, Queue.UNREVIEWED})

    @property
    def asked(self) -> Entry | None:
        """The place for which a colleague wants a second opinion; None when nobody asks."""
        return next((place for place in self.places if place.asked_by_id), None)

    @property
    def spans(self) -> list[tuple[int, int]]:
        """Which characters of the comment made a check speak."""
        return [(int(start), int(end)) for flag in self.flags for start, end in flag.spans]

    def findings(self) -> list[tuple[Flag, list[str]]]:
        """Each finding about the words as they are, with those of the words that it is about."""
        return [
            (flag, list(dict.fromkeys(self.comment.body[start:end] for start, end in flag.spans)))
            for flag in self.flags
        ]

    @property
    def is_harsh(self) -> bool:
        """Whether somebody or something calls it abuse: calm mode blurs it until the moderator asks."""
        reported = any(grievance.reason in HARSH for grievance in self.grievances)
        return reported or any(flag.spans or (flag.score or 0) >= HARSH_SCORE for flag in self.flags)

    @property
    def has_side(self) -> bool:
        """Whether there is anything to say beside the comment."""
        return bool(
            self.grievances
            or self.flags
            or self.former_flags
            or self.decisions
            or self.alike
            or self.places
            or self.parts
            or self.comment.status == Status.PENDING
        )

    def parts_at(self, place: str) -> list[Part]:
        return [part for part in self.parts if part.place == place]


@dataclass
class Page:
    """One page of a queue; `after` is the cursor of the next one, "" on the last."""

    cards: list[Card]
    after: str = ""


def page_of(queue: Queue, moderator: Reader, narrowed: Narrowed | None = None, after: Cursor | None = None) -> Page:
    """What waits in a queue for this moderator, the most urgent first, behind the cursor."""
    return _page(in_order(places_in(queue, moderator, narrowed), after)[: PAGE + 1], moderator)


def asked_page(moderator: Reader, after: Cursor | None = None) -> Page:
    """What somebody wants a second opinion about, in whatever queue."""
    asked = Entry.objects.filter(asked_by__isnull=False)
    if (sections := rules.sections_of(moderator)) is not None:
        asked = asked.filter(Q(section__in=sections) | Q(asked_by=moderator))
    return _page(in_order(asked, after)[: PAGE + 1], moderator)


def own_page(moderator: Reader) -> Page:
    """The cards that this moderator holds; the others wait for them no longer than their lease runs."""
    held = Entry.objects.filter(holder=moderator, held_until__gt=clock.database_now()).order_by("due", "pk")
    first = {place.comment_id: place for place in reversed(held)}
    return _page(sorted(first.values(), key=lambda place: (place.due, place.pk)), moderator, most=claims.MOST_HELD)


def _page(places: Iterable[Entry], moderator: Reader, most: int = PAGE) -> Page:
    found = list(places)
    shown = found[:most]
    comments = _with_context(Comment.objects.all()).in_bulk([place.comment_id for place in shown])
    cards = _cards([comments[place.comment_id] for place in shown], moderator)
    for number, (card, place) in enumerate(zip(cards, shown, strict=True)):
        card.place = place
        card.cursor = str(Cursor(place.due, place.pk))
        card.next_card = shown[number + 1].comment_id if number + 1 < len(shown) else 0
    return Page(cards, after=cards[-1].cursor if len(found) > most else "")


def talk_page(thread: int, moderator: Reader, after: int = 0) -> Page:
    """The published comments of one discussion, what changed last first, before the revision `after`."""
    said = Comment.objects.filter(thread=thread, status=Status.PUBLISHED).order_by("-revision")
    rows = list(_with_context(said.filter(revision__lt=after) if after else said)[: PAGE + 1])
    cards = _cards(rows[:PAGE], moderator)
    for number, card in enumerate(cards):
        card.cursor = str(rows[number].revision)
        card.next_card = rows[number + 1].pk if number + 1 < len(cards) else 0
    return Page(cards, after=cards[-1].cursor if len(rows) > PAGE else "")


def picks_of(thread: Thread) -> list[Comment]:
    """What editors have picked in one discussion and readers can see, in the order of the page."""
    picked = Comment.objects.filter(thread=thread.pk, notable=True, picked_at__isnull=False)
    return list(picked.order_by("number", "reply_number")[:PICKS_SHOWN])


def card(comment: Comment, moderator: Reader) -> Card:
    """One comment's card with every flag, report and decision, for its own page."""
    made = _cards([comment], moderator, most=EVERY_REPORT)[0]
    made.place = min(made.places, key=lambda place: (place.due, place.pk), default=None)
    return made


def with_context(pk: int) -> Comment | None:
    """A comment with its story, author and parent; None when there is no such comment."""
    return _with_context(Comment.objects.filter(pk=pk)).first()


def every_report(comment: Comment) -> list[Report]:
    """The comment's reports, waiting and answered, the newest first; the latest few hundred of a campaign."""
    return list(comment.reports.select_related("reporter", "decision", "comment").order_by("-pk")[:EVERY_REPORT])


def waiting_counts(moderator: Reader) -> dict[str, str]:
    """How much waits in each queue for this moderator, for the tabs: "7", or "50+" from there on."""
    return {queue.value: count_of(places_in(queue, moderator)) for queue in Queue}


def count_of(places: QuerySet[Entry]) -> str:
    """How many these are; no more than a few are looked at."""
    return capped(places.order_by()[: COUNTED + 1].count())


def _with_context(comments: CommentQuerySet) -> CommentQuerySet:
    return comments.with_story().select_related("author", "parent")


def _cards(comments: list[Comment], moderator: Reader, most: int = REPORTS_SHOWN) -> list[Card]:
    """Cards for these comments: the same few queries for all of them together."""
    authors = records.of_authors(comments, moderator)
    flags = _by_comment(Flag.objects.filter(comment__in=comments).order_by("-pk"))
    decisions = _by_comment(
        Decision.objects.filter(comment__in=comments).select_related("moderator").order_by("-number")
    )
    places = _by_comment(
        Entry.objects.filter(comment__in=comments).select_related("holder", "asked_by").order_by("due", "pk")
    )
    opinions = _by_comment(
        Opinion.objects.filter(comment__in=comments, is_blind=False).select_related("moderator").order_by("pk")
    )
    grievances = _grievances(comments, most)
    chains = records.chains(comments)
    notices = _notices(comments)
    similar = likeness.alike(comments, moderator)
    parts = parts_of(comments, moderator)
    now = clock.now()
    cards = [
        Card(
            comment=comment,
            author=authors[comment.author_id],
            flags=[flag for flag in flags[comment.pk] if flag.is_current(comment)],
            former_flags=[flag for flag in flags[comment.pk] if not flag.is_current(comment)],
            grievances=grievances[comment.pk],
            decisions=decisions[comment.pk],
            opinions=opinions[comment.pk],
            chain=chains[comment.pk].comments,
            is_chain_cut=chains[comment.pk].is_cut,
            notices=notices[comment.thread_id],
            alike=similar.get(comment.pk, []),
            parts=parts[comment.pk],
            places=places[comment.pk],
        )
        for comment in comments
    ]
    for card in cards:
        _say_who_may(card, moderator, now)
    return cards


def _say_who_may(card: Card, moderator: Reader, now: datetime) -> None:
    """Whether the moderator who looks can decide here, and who holds the card."""
    card.why_not = rules.why_not_decide(moderator, card.comment)
    held = next((place for place in card.places if claims.is_held(place, now)), None)
    card.is_mine = held is not None and held.holder_id == moderator.pk
    card.held = claims.said_of(held) if held and not card.is_mine else ""
    card.acts = buttons.acts_of(card, moderator)
    card.undo = buttons.undo_of(card, moderator)


def _notices(comments: list[Comment]) -> dict[int, list[Notice]]:
    """What was corrected in the stories of these comments, by the story's number."""
    found: dict[int, list[Notice]] = defaultdict(list)
    stories = {comment.thread_id for comment in comments}
    for notice in Notice.objects.filter(story__in=stories, made_at__isnull=False).order_by("-made_at", "-pk"):
        found[notice.story_id].append(notice)
    return found


def _by_comment(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.comment_id].append(row)
    return found


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
