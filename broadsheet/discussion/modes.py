"""What a discussion is for, how fast it may go, and who answers in it: set by the newsroom, a discussion at a time.

Switching between comments, questions and reviews changes words and what is asked for, and nothing that is there:
stars and answers are facts about comments, whatever the discussion is called at the moment.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from broadsheet.accounts.models import Reader
from broadsheet.core.refusals import Refused, Unacceptable
from broadsheet.delivery.freshness import touch
from broadsheet.discussion import ledger
from broadsheet.discussion.badges import lasting_badge, standing
from broadsheet.discussion.models import VOICES, Badge, Comment, Mode, Thread

LONGEST_SLOW = 24 * 3600  # seconds; a comment a day is the slowest talk there is
MOST_EXPERTS = 20  # they are named at the top of the discussion


class Tally(int):
    """How many comments, questions or reviews a discussion has, and which of them they are called."""

    mode: str = Mode.COMMENTS


def tally_of(thread: Thread) -> Tally:
    """The number that stands beside a headline: of questions and reviews the replies are none."""
    numbers = {Mode.QUESTIONS: thread.started, Mode.REVIEWS: thread.ratings}
    found = Tally(numbers.get(Mode(thread.mode), thread.published))
    found.mode = thread.mode
    return found


def why_not_expert(reader: Reader) -> str | None:
    """Why this account cannot answer as an expert; None when it can."""
    if not reader.is_active:
        return _("This account has been deactivated.")
    if reader.is_guest:
        return _("A guest has no account that could be named as an expert.")
    return None


@transaction.atomic
def set_mode(*, thread: Thread, mode: str) -> Thread:
    """Take comments, questions or reviews from now on. What has been written stays as it is."""
    if mode not in Mode.values:
        raise Unacceptable(_("Please choose what this discussion takes."))
    thread = Thread.objects.take_up(thread.pk)
    thread.mode = mode
    thread.save(update_fields=["mode"])
    touch(thread.tag)
    return thread


@transaction.atomic
def set_slow_seconds(*, thread: Thread, seconds: int | None) -> Thread:
    """Ask for so many seconds between one reader's comments here; 0 for none, None for the newsroom's own."""
    if seconds is not None and not 0 <= seconds <= LONGEST_SLOW:
        raise Unacceptable(_("Slow mode takes from 0 to %(most)s seconds.") % {"most": LONGEST_SLOW})
    thread = Thread.objects.take_up(thread.pk)
    thread.slow_seconds = seconds
    thread.save(update_fields=["slow_seconds"])
    touch(thread.tag)
    return thread


@transaction.atomic
def add_expert(*, thread: Thread, reader: Reader) -> Thread:
    """Ask somebody to answer in this discussion; what they have said in it already counts as an expert's too."""
    if why := why_not_expert(reader):
        raise Refused(why)
    thread = Thread.objects.take_up(thread.pk)
    if thread.experts.count() >= MOST_EXPERTS:
        raise Refused(_("A discussion has at most %(most)s experts.") % {"most": MOST_EXPERTS})
    thread.experts.add(reader)
    _look_again(thread, reader)
    return thread


@transaction.atomic
def remove_expert(*, thread: Thread, reader: Reader) -> Thread:
    """Have somebody answer as a reader again; what they said here is an expert's no more."""
    thread = Thread.objects.take_up(thread.pk)
    thread.experts.remove(reader)
    _look_again(thread, reader)
    return thread


def _look_again(thread: Thread, reader: Reader) -> None:
    """Give the badge they have now to what somebody has written here. One reader's comments on one story are few."""
    who = standing(reader, thread)
    badge = lasting_badge(reader, who)
    label = reader.expertise if badge in VOICES else ""
    may_answer = badge == Badge.AUTHOR or who.is_expert
    for comment in thread.comments.filter(author=reader).select_related("root").order_by("pk"):
        own = comment.root is None or comment.root.author_id == reader.pk
        now = (badge or (comment.badge if comment.badge == Badge.NEW else ""), label, may_answer and not own)
        if now != (comment.badge, comment.badge_label, comment.answers):
            _give(thread, comment, now)
    ledger.keep(thread)


def _give(thread: Thread, comment: Comment, facts: tuple[str, str, bool]) -> None:
    before, answered = ledger.worth(comment), comment.answers
    comment.badge, comment.badge_label, comment.answers = facts
    ledger.stamp(thread)
    ledger.change(thread, comment, before, ["badge", "badge_label", "answers"], answered=answered)


def experts_of(thread: Thread) -> Iterable[Reader]:
    """Who answers here, in the order of their names; accounts that are closed are left out."""
    return thread.experts.filter(is_active=True).order_by("name")


def unanswered(thread: Thread) -> int:
    """How many public questions wait for an answer."""
    return thread.started - thread.answered
