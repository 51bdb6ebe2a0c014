"""The checks a comment passes before it is published, in the order of the setting DISCUSSION_CHECKS.

Each is a function of a Submission. It returns None when it has nothing to say, a Verdict (or a list of them) to hold
the comment for a moderator, to reject it unseen or only to note something, or raises Refused to turn it away with a
sentence. Every check is asked and every finding kept; the strictest decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.core.detection import language_of
from broadsheet.core.refusals import Refused, TooSoon
from broadsheet.discussion import pace, rules
from broadsheet.discussion.hours import Way
from broadsheet.discussion.models import Comment, Status, Thread

LINKS_UNHELD = 2  # a source and its counterpart are a normal argument; from three on, most were advertising
DESK_HOURS = "desk_hours"  # under which name the desk is told that the hour held a comment
_STRICTNESS = [Status.PUBLISHED, Status.PENDING, Status.REJECTED]


@dataclass(frozen=True)
class Submission:
    """What a reader wants to say, and where; `comment` is the one they are editing, if any, `key` their intent's."""

    author: Reader
    thread: Thread
    body: str
    html: str
    parent: Comment | None = None
    comment: Comment | None = None
    honeypot: bool = False  # the field that people do not see was filled
    key: str | None = None

    @cached_property
    def language(self) -> str:
        """The language it is in, as detected; empty: too short to tell."""
        return language_of(self.body)


@dataclass(frozen=True)
class Verdict:
    """One finding: what it asks for (PUBLISHED: nothing, it is only noted), and why, in words for the desk."""

    status: Status
    reason: str
    check: str = ""  # the name it is kept under; empty: that of the function that found it
    rule: str = ""  # the newsroom's name of the rule that spoke
    score: float | None = None  # what was measured ...
    threshold: float | None = None  # ... and from where on it speaks
    spans: tuple[tuple[int, int], ...] = ()  # which characters of the body made it speak
    minutes: int = 0  # how much earlier than its time it puts the comment in a queue
    complaint: str = ""  # why the comment is rejected, as a code of those who keep decisions


@dataclass(frozen=True)
class Judgement:
    """What all checks together say: the strictest status, every finding, and why it is rejected where it is."""

    status: Status
    findings: tuple[Verdict, ...]

    @property
    def complaint(self) -> str:
        """The reason of the first finding that rejects; empty where none does or none names one."""
        return next((found.complaint for found in self.findings if found.status == Status.REJECTED), "")


Check = Callable[[Submission], Verdict | list[Verdict] | None]
_AGAIN: set[Check] = set()


def asked_again(check: Check) -> Check:
    """Marks a quick check whose answer others may change while a comment is being judged: it is asked twice."""
    _AGAIN.add(check)
    return check


def judge(submission: Submission) -> Judgement:
    """Ask the checks in the setting. May be slow, so no lock is held. Raises what a check refuses with."""
    asked = [check for check in _listed() if check is not repeat_post]  # it can only be answered under the lock
    return _judged(verdict for check in asked for verdict in _verdicts(check, submission))


def judge_again(submission: Submission, judgement: Judgement | None = None) -> Judgement:
    """The same with what is answered anew under the thread's lock: what others could have changed since `judge`."""
    again = [check for check in _listed() if check in _AGAIN]
    names = {check.__name__ for check in again}
    kept = [found for found in judgement.findings if found.check not in names] if judgement else []
    return _judged([*kept, *(verdict for check in again for verdict in _verdicts(check, submission))])


def _judged(found: Iterable[Verdict]) -> Judgement:
    findings = tuple(found)
    return Judgement(max((Status.PUBLISHED, *(each.status for each in findings)), key=_STRICTNESS.index), findings)


def and_desk_hours(judgement: Judgement, thread: Thread, now: datetime) -> Judgement:
    """The same, stricter where every comment waits at that moment. For the moment of the commit, under the lock."""
    desk = thread.desk(now)
    if desk.way != Way.HOLD:
        return judgement
    why = _("Too many comments wait at the desk.") if desk.is_full else _("Nobody is at the desk.")
    status = max(judgement.status, Status.PENDING, key=_STRICTNESS.index)
    return Judgement(status, (*judgement.findings, Verdict(Status.PENDING, why, DESK_HOURS)))


def _verdicts(check: Check, submission: Submission) -> list[Verdict]:
    """What one check found, each finding under a name."""
    said = check(submission)
    found = said if isinstance(said, list) else [said] if said else []
    return [verdict if verdict.check else replace(verdict, check=check.__name__) for verdict in found]


def _listed() -> list[Check]:
    return [import_string(path) for path in settings.DISCUSSION_CHECKS]


@asked_again
def rate(submission: Submission) -> None:
    """So many comments a minute and no more; edits do not count."""
    if submission.comment:
        return
    now = clock.now()
    if until := pace.rate_until(submission.author, now):
        wait = pace.seconds_left(until, now)
        raise TooSoon(pace.rate_refusal(wait), wait)


@asked_again
def slow_mode(submission: Submission) -> None:
    """Where a discussion is in slow mode, so many seconds between two comments of one reader; edits do not count."""
    if submission.comment:
        return
    now = clock.now()
    if until := pace.slow_until(submission.author, submission.thread, now):
        wait = pace.seconds_left(until, now)
        raise TooSoon(pace.slow_refusal(wait), wait)


@asked_again
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
