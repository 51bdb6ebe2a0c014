"""Which comments are proposed to editors for a pick: contributions by their marks, and what many readers respect.

The setting PICK_GROUNDS lists who else has a word: each path is a function of a comment that gives further grounds, or
None, which says that it is none to propose.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.module_loading import import_string

from broadsheet.core import clock
from broadsheet.discussion.merit import OWN, Part
from broadsheet.discussion.models import VOICES, Comment, CommentQuerySet, Status, Thread
from broadsheet.moderation import entries
from broadsheet.moderation.models import Decision, Queue
from broadsheet.moderation.urgency import Ground

LATELY = timedelta(days=3)  # an older pick is read by nobody
AT_ONCE = 50  # proposed in one run, at most
LOOKED_AT = 500  # comments in one run: some may be none to propose, and stay
ENOUGH = 2  # marks of its own words: of comments picked at random one in twenty-five has two
MARKED = [number for number in range(2 * max(Part)) if (number & OWN).bit_count() >= ENOUGH]
RESPECTED = 5  # readers, from whom on their respect alone is
MARK_MINUTES, RESPECT_MINUTES, MOST_RESPECT = 60, 10, 12 * 60


def propose() -> int:
    """A regular job (setting JOBS): propose what was written lately and nobody has looked at for a pick yet."""
    proposed = 0
    for comment in list(_worth_a_look()[:LOOKED_AT]):
        grounds = grounds_of(comment)
        if grounds is None:
            continue
        with transaction.atomic():
            Thread.objects.select_for_update().get(pk=comment.thread_id)
            proposed += _enter(comment, grounds)
        if proposed == AT_ONCE:
            break
    return proposed


def propose_again(comment: Comment) -> None:
    """Propose a comment that has come back, without waiting for the job; the discussion's row is held."""
    if (grounds := grounds_of(comment)) is not None:
        _enter(comment, grounds)


def _enter(comment: Comment, grounds: list[Ground]) -> bool:
    worth = _worth_a_look().filter(pk=comment.pk).exists()
    if worth:
        entries.enter(comment, Queue.PICKS, more=grounds)
    return worth


def _worth_a_look() -> CommentQuerySet:
    """Public comments of readers with merit or respects, not picked, not proposed, and never looked at for a pick."""
    since = clock.now() - LATELY
    looked_at = Decision.objects.filter(comment=OuterRef("pk"), picked__isnull=False)
    proposed = Comment.objects.filter(pk=OuterRef("pk"), entries__queue=Queue.PICKS)
    marked = Q(merit__in=MARKED) | Q(respects__gte=RESPECTED)
    rows = Comment.objects.filter(marked, status=Status.PUBLISHED, created_at__gte=since, picked_at=None)
    rows = rows.exclude(badge__in=VOICES).filter(~Exists(looked_at), ~Exists(proposed))
    return rows.with_story().order_by("-merit", "-respects", "pk")


def grounds_of(comment: Comment) -> list[Ground] | None:
    """What speaks for it; None where somebody whom the setting lists says that it is none to propose."""
    found = _own_grounds(comment)
    for path in settings.PICK_GROUNDS:
        more = import_string(path)(comment)
        if more is None:
            return None
        found += more
    return found


def _own_grounds(comment: Comment) -> list[Ground]:
    found = []
    if comment.merit in MARKED:
        found.append(Ground("merit", MARK_MINUTES, {"merit": comment.merit}))
    if comment.respects >= RESPECTED:
        minutes = min(MOST_RESPECT, comment.respects * RESPECT_MINUTES)
        found.append(Ground("respects", minutes, {"count": comment.respects}))
    return found
