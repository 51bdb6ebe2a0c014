"""What a card of the desk tells of the author's standing, and of those who reported (setting CARD_PARTS)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber

from broadsheet.accounts.models import Reader
from broadsheet.discussion.models import Comment
from broadsheet.moderation.models import Entry, Outcome, Report
from broadsheet.moderation.parts import Part
from broadsheet.moderation.people.models import PersonNote
from broadsheet.moderation.people.reading import in_force
from broadsheet.moderation.people.traces import hints
from broadsheet.moderation.reporters import Reliability, reliability_of

MOST_REPORTERS = 8  # with a track record, on one card


def parts(comments: list[Comment], moderator: Reader | None) -> Iterator[tuple[int, Part]]:
    """A line about the author of each comment, and one about those who reported it; seven queries for all of them."""
    authors = {comment.author_id for comment in comments if comment.author_id}
    sanctions, hinted = in_force(authors, moderator), hints(authors)
    notes = dict(
        PersonNote.objects.filter(reader__in=authors).values_list("reader").annotate(count=Count("pk")).order_by()
    )
    for comment in comments:
        if comment.author_id:
            also = hinted.get(comment.author_id, [])
            facts = {
                "author": comment.author_id,
                "sanctions": sanctions.get(comment.author_id, []),
                "notes": notes.get(comment.author_id, 0),
                "hints": len(also),
                "banned": sum(bool(hint.sanctions) for hint in also),
            }
            yield comment.pk, Part("moderation/people/_author.html", facts)
    yield from _reporters(comments)


def _reporters(comments: list[Comment]) -> Iterator[tuple[int, Part]]:
    waiting = Report.objects.filter(comment__in=comments, outcome=Outcome.WAITING, reporter__isnull=False)
    # Ranked in the database, as queues do it: a campaign of a thousand is not fetched to show eight.
    place = Window(RowNumber(), partition_by=[F("comment")], order_by=F("pk").asc())
    people: dict[int, list[Reader]] = defaultdict(list)
    for report in waiting.select_related("reporter").annotate(place=place).filter(place__lte=MOST_REPORTERS + 1):
        if report.reporter:
            people[report.comment_id].append(report.reporter)
    known = reliability_of(person.pk for each in people.values() for person in each)
    agreed = {
        entry.comment_id: facts
        for entry in Entry.objects.filter(comment__in=list(people))
        for code, _minutes, facts in entry.why
        if code == "coordinated"
    }
    for pk, each in people.items():
        found: list[tuple[Reader, Reliability]] = [(person, known[person.pk]) for person in each[:MOST_REPORTERS]]
        facts = {"reporters": found, "more": len(each) > MOST_REPORTERS, "coordinated": agreed.get(pk)}
        yield pk, Part("moderation/people/_reporters.html", facts)
