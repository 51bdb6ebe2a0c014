"""How urgent a waiting comment is, and why: minutes by which it is moved forward in its queue, each with its ground.

A queue is ordered by the moment a comment came in, less these minutes. So "risk" is said in the one unit that everybody
at a desk understands, and what waits long enough comes up whatever else comes in: nothing starves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q

from broadsheet.discussion.models import Badge, Comment, Flag, Status
from broadsheet.moderation.models import Outcome, Queue, Reason, Report

HOUR = 60
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
    """What speaks for looking at this comment early in that queue; three short queries."""
    flags = [flag for flag in comment.flags.all() if not comment.edited_at or flag.created_at >= comment.edited_at]
    grounds = [*more, *(_flagged(flag) for flag in flags if flag.minutes)]
    if queue == Queue.REPORTED:
        grounds += _reported(comment)
    state, ground = _author(comment)
    grounds += [ground] if ground else []
    scores = [flag.score for flag in flags if flag.score is not None and flag.score <= 1]
    return Weight(sorted(grounds, key=lambda each: -each.minutes), state, max(scores, default=None))


def _flagged(flag: Flag) -> Ground:
    return Ground("flag", flag.minutes, {"check": flag.check_name, "rule": flag.rule})


def _reported(comment: Comment) -> list[Ground]:
    waiting = Report.objects.filter(comment=comment, outcome=Outcome.WAITING)
    rows = waiting.values("reason").annotate(count=Count("pk")).order_by()
    # The second report of a kind is worth half the first, the third a third: a campaign is not a queue of its own.
    return [
        Ground("reports", round(REPORT_MINUTES[Reason(row["reason"])] * _harmonic(row["count"])), dict(row))
        for row in rows
    ]


def _harmonic(count: int) -> float:
    return sum(1 / number for number in range(1, min(count, 20) + 1))


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
