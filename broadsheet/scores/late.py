"""Scores that were not there when a comment came in: made in the background, and what follows from them.

A comment that waited for its score alone is published or stays held; one that was published may be held now, by its
thresholds or by the newsroom's rules about scores, which are asked once more. What a person has decided stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django_tasks import task

from broadsheet.core import clock, troubles
from broadsheet.core.refusals import Refused
from broadsheet.discussion import rules
from broadsheet.discussion.actions import keep_findings, release
from broadsheet.discussion.checks import Verdict, unverified
from broadsheet.discussion.models import Badge, Comment, Status, Thread
from broadsheet.moderation import entries
from broadsheet.moderation.by_rule import hold_by_rule
from broadsheet.moderation.models import Entry, Queue, Source
from broadsheet.scores import about, asking, findings, scorers, storing
from broadsheet.scores.asking import Said
from broadsheet.scores.models import Hour, Use, Waiting
from broadsheet.scores.thresholds import keep_shipped
from broadsheet.scoring.answers import Scores

BATCH = 32
MOST, OLD = 600, 200  # comments in one run, new and old, so that other tasks have their turn
BEHIND = timedelta(minutes=10)  # from which on the desk is told that new comments wait for their scores
LOST = timedelta(minutes=5)  # what was taken so long ago and is still here was lost with its worker
TRIES = 3  # after which a comment that alone cannot be scored is left without a score
MOST_TRIES = 50  # the same where the scorer answers about none: a few hours
OF_THE_PAPER = (Badge.STAFF, Badge.AUTHOR)


@task()
def score_waiting() -> None:
    """Score the comments that wait for it, the new ones before the old."""
    work_off(MOST)


def call_for(row: int) -> None:
    """Ask for a worker, once that comment is committed. Where an older one waits untaken, somebody has asked already:
    whoever takes that one goes on to this one. Where it has waited too long there may be no worker to tell the desk.
    """
    first = Waiting.objects.filter(is_new=True, taken_at=None).order_by("pk").only("since").first()
    if first and first.pk == row:
        score_waiting.enqueue()
    elif first and first.since < clock.now() - BEHIND:
        troubles.note(troubles.SCORES)


def work_off(most: int, old: int = OLD) -> None:
    """Score so many of the new ones at most, here and now, and then some of the old."""
    for is_new, left in ((True, most), (False, old)):
        while asking.is_on() and left > 0 and (batch := _take(min(BATCH, left), is_new=is_new)):
            left -= len(batch)
            if not _score(batch):
                return


def work() -> None:
    """The regular job: what a task was lost over, and what was imported. It tells the desk where scores are behind."""
    if not asking.is_on():
        return
    if Waiting.objects.filter(_free()).exists():
        score_waiting.enqueue()
    behind = Waiting.objects.filter(is_new=True, since__lt=clock.now() - BEHIND).exists()
    (troubles.note if behind else troubles.over)(troubles.SCORES)


def _free() -> Q:
    return Q(taken_at=None) | Q(taken_at__lt=clock.now() - LOST)


@transaction.atomic
def _take(most: int, *, is_new: bool) -> list[Waiting]:
    """Some that nobody else is at, now ours."""
    rows = Waiting.objects.select_for_update(skip_locked=True).filter(_free(), is_new=is_new).order_by("pk")
    taken = [row.pk for row in rows[:most]]
    Waiting.objects.filter(pk__in=taken).update(taken_at=clock.now(), tries=F("tries") + 1)
    kept = Waiting.objects.filter(pk__in=taken).order_by("pk")
    return list(kept.select_related("comment__thread__story", "comment__author", "comment__parent"))


def _score(batch: list[Waiting]) -> bool:
    """Ask about these, and keep each answer in a transaction of its own; whether the scorer answers at all."""
    answers = asking.ask([about.of_comment(row.comment, honeypot=row.honeypot) for row in batch])
    use, failed = Use.now(), answers.count(None)
    Hour.count(failed=failed, given_up=asking.given_up())
    if failed:
        hopeless = [row.pk for row in batch if asking.is_hopeless(row.comment.body)]
        Waiting.objects.filter(pk__in=hopeless).delete()
        failed -= len(hopeless)
    if failed:
        most = MOST_TRIES if failed == len(batch) else TRIES
        Waiting.objects.filter(pk__in=[row.pk for row in batch], tries__gte=most).delete()
    for row, said in zip(batch, answers, strict=True):
        if said:
            keep_shipped(said.scores.model)
            _conclude(row, said, use)
    is_well = failed < len(batch)
    (troubles.over if is_well else troubles.note)(troubles.SCORER)
    return is_well


@transaction.atomic
def _conclude(row: Waiting, said: Said, use: Use) -> None:
    """Keep an answer, unless the words are others by now, and do what follows from it."""
    Thread.objects.select_for_update().get(pk=row.comment.thread_id)  # first, as whoever edits or decides does
    comment = Comment.objects.with_story().select_related("author", "parent").get(pk=row.comment_id)
    if comment.body != row.comment.body or not Waiting.objects.filter(pk=row.pk).delete()[0]:
        return
    storing.keep(comment, said, late=row.late, honeypot=row.honeypot)
    if row.is_new and comment.body:
        follow(comment, said.scores, use, _by_rules(comment, said.scores) if row.late else ())


def _by_rules(comment: Comment, scores: Scores) -> list[Verdict]:
    """What rules find by a score that was late: they were asked as the comment came in, and did not know it.

    As they are now. What they ask for beyond holding is held, should one ever: a model rejects nothing.
    """
    if scorers.NAMED not in settings.SCORERS:
        return []  # rules go by other scorers, which were asked in time
    named = scorers.by_name(scores)
    found = [each for path in settings.LATE_SCORE_CHECKS for each in import_string(path)(comment, named)]
    return [replace(each, status=Status.PENDING) if each.status == Status.REJECTED else each for each in found]


def follow(comment: Comment, scores: Scores, use: Use, more: Sequence[Verdict] = ()) -> None:
    """The findings about a comment that is new, and what they ask for; `more` are those of rules."""
    found = [*([] if comment.badge in OF_THE_PAPER else findings.verdicts(scores, use)), *more]
    holding = [each for each in found if each.status == Status.PENDING]
    waited = waits_for_score_alone(comment)
    _note(comment, found)
    if comment.is_public and holding:
        hold_by_rule(comment=comment, rule=holding[0].rule or _("The scorer"), since=comment.edited_at)
    elif waited and not holding and comment.author and not rules.why_not_speak(comment.author, comment.thread):
        with suppress(Refused):  # what may not be published (a second review) goes on waiting
            release(comment, comment.author)
    for queue in Entry.objects.filter(comment=comment).values_list("queue", flat=True):
        entries.enter(comment, Queue(queue))


def waits_for_score_alone(comment: Comment) -> bool:
    """Whether nothing holds a comment but that its score was not there.

    What held it before an edit counts, since an edit publishes nothing; what somebody has let through does not.
    """
    flags = comment.flags.filter(asks_for=Status.PENDING)
    if let_through := comment.decisions.filter(after=Status.PUBLISHED).order_by("-number").first():
        flags = flags.filter(created_at__gt=let_through.created_at)
    names = set(flags.values_list("check_name", flat=True))
    if comment.author and not rules.waits_for_address(comment.author):  # it has been proved meanwhile
        names.discard(unverified.__name__)
    by_whom = comment.decisions.order_by("-number").values_list("source", flat=True).first()
    return comment.status == Status.PENDING and names == {findings.LATE} and by_whom in {None, Source.RULE}


def _note(comment: Comment, found: list[Verdict]) -> None:
    """The findings, in place of "not yet"."""
    comment.flags.filter(check_name=findings.LATE).delete()
    keep_findings(comment, found, clock.database_now())
