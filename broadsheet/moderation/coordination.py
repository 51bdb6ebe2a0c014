"""Reports that look as if they were agreed on: a fact for the moderator, who decides. It hides nothing.

Looked at are the waiting reports about one author's comments within a day. Those belong together whose accounts are
days old, report the same comments time after time, or come from one network address. Together they weigh as much in
the queue as one report, and count as one for a threshold.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.discussion.models import Comment
from broadsheet.moderation.models import Outcome, Report
from broadsheet.moderation.people.traces import sharing

WINDOW = timedelta(days=1)  # within which reports are looked at together
FEWEST = 3  # people: two who agree are two who agree
NEW = timedelta(days=3)  # the age of an account when it reported
TOGETHER = 3  # comments that two of them have both reported, and no editor has removed, ...
TOGETHER_WITHIN = timedelta(days=90)  # ... in that time
MOST = 60  # reporters, and ...
MOST_REPORTS = 2000  # ... reports of theirs that are looked at


@dataclass(frozen=True)
class Coordination:
    """Who seems to belong together, and how many of them for which reason."""

    reporters: frozenset[int]
    new: int  # accounts of a few days
    together: int  # who report the same comments as others of them
    places: int  # who share a network address

    @property
    def facts(self) -> dict[str, int]:
        return {"count": len(self.reporters), "new": self.new, "together": self.together, "places": self.places}


def coordination_of(comment: Comment) -> Coordination | None:
    """What is coordinated about the waiting reports of this comment and its author's others; None: nothing is."""
    now = clock.now()
    waiting = Report.objects.filter(outcome=Outcome.WAITING, created_at__gt=now - WINDOW, reporter__isnull=False)
    about = waiting.filter(comment__author=comment.author_id) if comment.author_id else waiting.filter(comment=comment)
    reported = about.order_by("-pk").values_list("reporter", "created_at")[:MOST]
    moments = {reporter: moment for reporter, moment in reported if reporter}
    if len(moments) < FEWEST:
        return None
    joined = dict(Reader.objects.filter(pk__in=moments).values_list("pk", "date_joined"))
    new = {pk for pk, since in joined.items() if moments[pk] - since < NEW}
    together, places = _together(set(moments)), sharing(moments)
    # One young account is a newcomer; several that report one person within a day are not here for anything else.
    new = new if len(new) >= FEWEST else set()
    found = new | together | places
    if len(found) < FEWEST:
        return None
    return Coordination(frozenset(found), len(new), len(together), len(places))


def _together(reporters: set[int]) -> set[int]:
    """Those who have reported the same comments as another of them, several times.

    Reports that editors agreed with are left out: two readers who know the policy meet under the worst comments.
    """
    rows = Report.objects.filter(reporter__in=reporters, created_at__gt=clock.now() - TOGETHER_WITHIN)
    rows = rows.exclude(outcome=Outcome.REMOVED).order_by("-pk")
    by_comment: dict[int, set[int]] = defaultdict(set)
    for reporter, comment in rows.values_list("reporter", "comment")[:MOST_REPORTS]:
        by_comment[comment].add(reporter)
    shared = Counter(pair for people in by_comment.values() for pair in combinations(sorted(people), 2))
    return {pk for pair, count in shared.items() if count >= TOGETHER for pk in pair}
