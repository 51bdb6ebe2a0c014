"""The checks a comment passes before it is published, in the order of the setting DISCUSSION_CHECKS.

Each is a function of a Submission. It returns None when it has nothing to say, a Verdict to hold the comment for a
moderator (or to reject it unseen), or raises Refused to turn it away with a sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from django.conf import settings
from django.utils.module_loading import import_string

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.core.refusals import Refused, TooSoon
from broadsheet.discussion.models import Comment, Status, Thread

LINKS_UNHELD = 2  # a source and its counterpart are a normal argument; from three on, most were advertising
_STRICTNESS = [Status.PUBLISHED, Status.PENDING, Status.REJECTED]


@dataclass(frozen=True)
class Submission:
    """What a reader wants to say, and where; `comment` is the one they are editing, if any."""

    author: Reader
    thread: Thread
    body: str
    html: str
    parent: Comment | None = None
    comment: Comment | None = None


@dataclass(frozen=True)
class Verdict:
    """What one check asks for, and why, in words for the desk."""

    status: Status
    reason: str


@dataclass(frozen=True)
class Judgement:
    """What all checks together say: the strictest status, and every reason with the name of its check."""

    status: Status
    reasons: tuple[tuple[str, str], ...]


Check = Callable[[Submission], Verdict | None]


def judge(submission: Submission) -> Judgement:
    """Ask every check in the setting. May be slow, so no lock is held. Raises what a check refuses with."""
    found = [(check.__name__, verdict) for check in _listed() if (verdict := check(submission))]
    statuses = [Status.PUBLISHED, *(verdict.status for _, verdict in found)]
    return Judgement(max(statuses, key=_STRICTNESS.index), tuple((name, verdict.reason) for name, verdict in found))


def judge_again(submission: Submission) -> None:
    """Ask once more, under the thread's lock, what a parallel request could have changed since `judge`."""
    for check in _listed():
        if check in {rate, repeat_post}:
            check(submission)


def _listed() -> list[Check]:
    return [import_string(path) for path in settings.DISCUSSION_CHECKS]


def rate(submission: Submission) -> None:
    """So many comments a minute and no more; edits do not count."""
    if submission.comment:
        return
    now, minute = clock.now(), timedelta(minutes=1)
    recent = Comment.objects.filter(author=submission.author, created_at__gt=now - minute).order_by("-created_at")
    times = list(recent.values_list("created_at", flat=True)[: settings.COMMENTS_PER_MINUTE])
    if len(times) >= settings.COMMENTS_PER_MINUTE:
        wait = max(1, ceil((times[-1] + minute - now).total_seconds()))
        seconds = "a second" if wait == 1 else f"{wait} seconds"
        raise TooSoon(f"That was quick. Please wait {seconds} before you post again.", wait)


def repeat_post(submission: Submission) -> None:
    """The same words by the same reader in the same discussion are said once."""
    own = submission.thread.comments.filter(author=submission.author, body=submission.body)
    if submission.comment:
        own = own.exclude(pk=submission.comment.pk)
    if own.exclude(status=Status.WITHDRAWN).exists():
        raise Refused("You have already posted these words in this discussion.")


def links(submission: Submission) -> Verdict | None:
    """More links than an argument needs are looked at first."""
    count = submission.html.count("<a ")
    return Verdict(Status.PENDING, f"It has {count} links.") if count > LINKS_UNHELD else None


def newcomer(submission: Submission) -> Verdict | None:
    """A reader's first comments wait, where the newsroom says so, until that many have been published."""
    wanted = settings.NEWCOMER_COMMENTS
    if not wanted:
        return None
    published = submission.author.comments.filter(status=Status.PUBLISHED)[:wanted].count()
    return Verdict(Status.PENDING, f"One of this reader's first {wanted} comments.") if published < wanted else None


def pre_moderation(submission: Submission) -> Verdict | None:
    """Every comment waits, where the newsroom says so."""
    return Verdict(Status.PENDING, "This newsroom reads every comment first.") if settings.PRE_MODERATION else None
