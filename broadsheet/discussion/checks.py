"""The checks a comment passes before it is published, in the order of the setting DISCUSSION_CHECKS.

Each is a function of a Submission. It returns None when it has nothing to say, a Verdict to hold the comment for a
moderator (or to reject it unseen), or raises Refused to turn it away with a sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.core.refusals import Refused, TooSoon
from broadsheet.discussion import pace, rules
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
    """Ask the checks in the setting. May be slow, so no lock is held. Raises what a check refuses with."""
    asked = [check for check in _listed() if check is not repeat_post]  # it can only be answered under the lock
    found = [(check.__name__, verdict) for check in asked if (verdict := check(submission))]
    statuses = [Status.PUBLISHED, *(verdict.status for _, verdict in found)]
    return Judgement(max(statuses, key=_STRICTNESS.index), tuple((name, verdict.reason) for name, verdict in found))


def judge_again(submission: Submission) -> None:
    """Ask, under the thread's lock, what a parallel request could have changed since `judge`."""
    for check in _listed():
        if check in {rate, slow_mode, repeat_post}:
            check(submission)


def _listed() -> list[Check]:
    return [import_string(path) for path in settings.DISCUSSION_CHECKS]


def rate(submission: Submission) -> None:
    """So many comments a minute and no more; edits do not count."""
    if submission.comment:
        return
    now = clock.now()
    if until := pace.rate_until(submission.author, now):
        wait = pace.seconds_left(until, now)
        raise TooSoon(pace.rate_refusal(wait), wait)


def slow_mode(submission: Submission) -> None:
    """Where a discussion is in slow mode, so many seconds between two comments of one reader; edits do not count."""
    if submission.comment:
        return
    now = clock.now()
    if until := pace.slow_until(submission.author, submission.thread, now):
        wait = pace.seconds_left(until, now)
        raise TooSoon(pace.slow_refusal(wait), wait)


def repeat_post(submission: Submission) -> None:
    """The same words by the same reader in the same discussion are said once."""
    own = submission.thread.comments.filter(author=submission.author, body=submission.body)
    if submission.comment:
        own = own.exclude(pk=submission.comment.pk)
    if own.exclude(status=Status.WITHDRAWN).exists():
        raise Refused(_("You have already posted these words in this discussion."))


def unverified(submission: Submission) -> Verdict | None:
    """A comment waits until its author's e-mail address is confirmed; then discussion.verified publishes it."""
    if not rules.waits_for_address(submission.author):
        return None
    return Verdict(Status.PENDING, _("The author's e-mail address is not confirmed yet."))


def links(submission: Submission) -> Verdict | None:
    """More links than an argument needs are looked at first."""
    count = submission.html.count("<a ")
    if count <= LINKS_UNHELD:
        return None
    return Verdict(Status.PENDING, ngettext("It has %(n)s link.", "It has %(n)s links.", count) % {"n": count})


def newcomer(submission: Submission) -> Verdict | None:
    """A reader's first comments wait, where the newsroom says so, until that many have been published."""
    wanted = settings.NEWCOMER_COMMENTS
    if not wanted:
        return None
    published = submission.author.comments.filter(status=Status.PUBLISHED)[:wanted].count()
    if published >= wanted:
        return None
    reason = ngettext("This reader's first comment.", "One of this reader's first %(n)s comments.", wanted)
    return Verdict(Status.PENDING, reason % {"n": wanted})


def pre_moderation(submission: Submission) -> Verdict | None:
    """Every comment waits, where the newsroom says so."""
    return Verdict(Status.PENDING, _("This newsroom reads every comment first.")) if settings.PRE_MODERATION else None
