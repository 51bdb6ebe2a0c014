"""How urgent a waiting comment is, and why: minutes by which it is moved forward in its queue, each with its ground.

A queue is ordered by the moment a comment came in, less these minutes. So "risk" is said in the one unit that everybody
at a desk understands, and what waits long enough comes up whatever else comes in: nothing starves.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from django.utils.module_loading import import_string

from broadsheet.discussion.models import Badge, Comment, Flag, Status
from broadsheet.moderation.coordination import coordination_of
from broadsheet.moderation.models import Outcome, Queue, Reason, Report
from broadsheet.moderation.reporters import UNKNOWN, reliability_of

HOUR = 60
MOST_REPORTS = 500  # of one comment that are weighed; more add nothing
MOST = 72 * HOUR  # no ground and no sum of grounds is worth more: what has waited three days goes before anything
REPORT_MINUTES = {
    Reason.ILLEGAL: 24 * HOUR,
    Reason.HATEFUL: 8 * HOUR,
    Reason.ABUSIVE: 6 * HOUR,
    Reason.PRIVATE: 6 * HOUR,
    Reason.SPAM: 2 * HOUR,
    Reason.FALSE: 2 * HOUR,
    Reason.IRRELEVANT: HOUR,
    Reason.OTHER: HOUR,
}
Weighed = tuple[Reason, float, int | None]  # a report: why, its weight, whose
NEW_HERE = 30  # a newcomer's first words say whether they come back (somebody should answer soon)
REJECTED_LATELY = 2 * HOUR  # the author's share of rejected comments is high


@dataclass(frozen=True)
class Ground:
    """One reason for a place: a code that templates put into words, what it is worth, and the facts it names."""

    code: str
    minutes: int
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def row(self) -> list[Any]:
        return [self.code, self.minutes, self.facts]


@dataclass(frozen=True)
class Weight:
    """All grounds of one comment, heaviest first."""

    grounds: list[Ground]
    author_state: str
    score: float | None

    @property
    def minutes(self) -> int:
        return min(MOST, sum(ground.minutes for ground in self.grounds))


def weigh(comment: Comment, queue: Queue, more: Iterable[Ground] = ()) -> Weight:
    """What speaks for looking at this comment early in that queue; a few short queries, and what others ask.

    Each path of the setting QUEUE_GROUNDS is a function (comment, queue) -> iterable of Ground.
    """
    flags = [flag for flag in comment.flags.all() if flag.is_current(comment)]
    grounds = [*more, *(_flagged(flag) for flag in flags if flag.minutes)]
    grounds += [ground for path in settings.QUEUE_GROUNDS for ground in import_string(path)(comment, queue)]
    if queue in {Queue.REPORTED, Queue.PENDING}:  # hidden by its reports, a comment waits among the pending
        grounds += _reported(comment)
    state, ground = _author(comment)
    grounds += [ground] if ground else []
    scores = [flag.score for flag in flags if flag.score is not None and flag.score <= 1]
    return Weight(sorted(grounds, key=lambda each: -each.minutes), state, max(scores, default=None))


def _flagged(flag: Flag) -> Ground:
    return Ground("flag", flag.minutes, {"check": flag.check_name, "rule": flag.rule})


def _reported(comment: Comment) -> list[Ground]:
    """The waiting reports, each as heavy as editors agreed with its reporter before; agreed ones count once."""
    waiting = Report.objects.filter(comment=comment, outcome=Outcome.WAITING).order_by("pk")
    rows = list(waiting.values_list("reason", "reporter")[:MOST_REPORTS])
    if not rows:
        return []
    known = reliability_of(reporter for _reason, reporter in rows if reporter)
    weighed: list[Weighed] = [
        (Reason(reason), known.get(reporter, UNKNOWN).weight, reporter) for reason, reporter in rows
    ]
    counts = Counter(reason for reason, _weight, _reporter in weighed)
    minutes = _minutes(weighed)
    grounds = [Ground("reports", minutes[reason], {"reason": reason, "count": n}) for reason, n in counts.items()]
    if coordination := coordination_of(comment):
        agreed = [row for row in weighed if row[2] in coordination.reporters]
        heaviest = max(agreed, key=lambda row: REPORT_MINUTES[row[0]] * row[1], default=None)
        alone = [row for row in weighed if row not in agreed or row is heaviest]
        cut = sum(minutes.values()) - sum(_minutes(alone).values())
        grounds.append(Ground("coordinated", -cut, coordination.facts))
    return grounds


def _minutes(weighed: list[Weighed]) -> dict[Reason, int]:
    """What these reports are worth, by reason."""
    weights: dict[Reason, list[float]] = defaultdict(list)
    for reason, weight, _reporter in weighed:
        weights[reason].append(weight)
    return {reason: round(REPORT_MINUTES[reason] * _harmonic(each)) for reason, each in weights.items()}


def _harmonic(weights: list[float]) -> float:
    """The second report of a kind is worth half the first, the third a third: a campaign is not a queue of its own."""
    heaviest = sorted(weights, reverse=True)[:20]
    return sum(weight / number for number, weight in enumerate(heaviest, start=1))


def _author(comment: Comment) -> tuple[str, Ground | None]:
    """What is known of the author, in a word to narrow a view by, and what it is worth."""
    if comment.author_id is None:
        return "gone", None
    if comment.badge in {Badge.STAFF, Badge.AUTHOR, Badge.EXPERT}:
        return "staff", None
    if comment.badge == Badge.GUEST:
        return "guest", None
    record = Comment.objects.filter(author=comment.author_id).aggregate(
        published=Count("pk", filter=Q(status=Status.PUBLISHED)), rejected=Count("pk", filter=Q(status=Status.REJECTED))
    )
    if record["rejected"] >= 2 and record["rejected"] * 3 >= record["published"]:
        return "watched", Ground("rejected", REJECTED_LATELY, record)
    if record["published"] < 3:
        return "new", Ground("new", NEW_HERE, {})
    return "known", None
