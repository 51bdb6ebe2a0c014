"""Fills the demo's discussions, through the actions that readers and moderators use."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from broadsheet.demo.cast import Cast
from broadsheet.demo.thread_file import Remark
from broadsheet.discussion.actions import import_comment, post_comment, withdraw_comment
from broadsheet.discussion.models import Comment, Status, Thread
from broadsheet.moderation.actions import decide, pick, report_comment

QUIET = timedelta(minutes=12)  # nobody has written for so long when the demo is loaded


@dataclass(frozen=True)
class Said:
    """A remark and the moment it was made."""

    place: int
    remark: Remark
    at: datetime


def hold(
    thread: Thread, remarks: list[Remark], cast: Cast, *, start: datetime, end: datetime, dice: random.Random
) -> list[Comment]:
    """Everything that was said, from `start` until `end`; the comments in the order of the remarks."""
    made: dict[int, Comment] = {}
    for said in timed(remarks, start, end, dice):
        author, parent = cast.reader(said.remark.name), said.remark.parent
        answered = made[parent] if parent is not None else None
        if said.remark.fate == "held":
            made[said.place] = post_comment(author=author, thread=thread, body=said.remark.words, parent=answered)
            continue
        made[said.place] = import_comment(
            thread=thread,
            author_name=author.name,
            author=author,
            body=said.remark.words,
            created_at=said.at,
            parent=answered,
            rating=said.remark.stars,
        )
    for place, comment in made.items():
        judge(comment, remarks[place], cast, dice)
    return [made[place] for place in range(len(remarks))]


def timed(remarks: list[Remark], start: datetime, end: datetime, dice: random.Random) -> list[Said]:
    """A moment for each: most in the first hours, a reply some time after what it answers; held ones come last."""
    span = (end - start).total_seconds()
    opened = sorted(dice.random() ** 2.2 for remark in remarks if remark.parent is None)
    moments: list[float] = []
    for remark in remarks:
        if remark.parent is None:
            moments.append(120 + (span - 240) * opened.pop(0))
        else:
            before = moments[remark.parent]
            wait = 90 + dice.expovariate(1 / 5400)
            moments.append(before + min(wait, (span - before) * dice.uniform(0.2, 0.8)))
    order = sorted(range(len(remarks)), key=lambda place: (remarks[place].fate == "held", moments[place], place))
    return [Said(place, remarks[place], start + timedelta(seconds=round(moments[place]))) for place in order]


def judge(comment: Comment, remark: Remark, cast: Cast, dice: random.Random) -> None:
    """The reports about a comment, and what its author or the moderator then did."""
    for report in remark.reports:
        reporter = cast.reader(report.reporter) if report.reporter else None
        address = f"192.0.2.{dice.randrange(1, 250)}" if reporter is None else ""
        report_comment(comment=comment, reporter=reporter, address=address, reason=report.reason, note=report.note)
    if remark.fate == "withdrawn":
        withdraw_comment(author=cast.reader(remark.name), comment=comment)
    elif remark.reason:
        decide(
            moderator=cast.moderator,
            comment=comment,
            seen=Status.PUBLISHED,
            after=remark.fate,
            reason=remark.reason,
            note=remark.note,
        )
    elif remark.picked:
        pick(moderator=cast.moderator, comment=comment)


def end_of(thread: Thread, now: datetime) -> datetime:
    """The last moment somebody can have written: a while ago, or before the discussion closed."""
    last = now - QUIET
    return min(last, thread.closing - QUIET) if thread.closing else last
