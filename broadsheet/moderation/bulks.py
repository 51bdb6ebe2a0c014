"""One act on many comments: first a preview of what it would do, then the work in the background, then its undoing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_tasks import task

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.core.language import number
from broadsheet.core.refusals import Refused, Stale, Unacceptable
from broadsheet.core.text import readable
from broadsheet.discussion.models import Comment, Status
from broadsheet.moderation import actions, claims, rules, undoing
from broadsheet.moderation.models import LONGEST_NOTE, Bulk, Decision, Entry, Outcome, Queue, Report, Source

MOST = 5000  # comments in one act
SHOWN = 20  # of them in the preview
CHUNK = 100  # decisions between two notes of how far it is
KEPT_UNSTARTED = timedelta(days=1)
LEFT = {  # why a comment is left alone
    "own": gettext_lazy("written by you"),
    "held": gettext_lazy("held by a colleague"),
    "elsewhere": gettext_lazy("in a section that colleagues look after"),
    "nothing": gettext_lazy("nothing to do: it is so already"),
    "withdrawn": gettext_lazy("withdrawn by the author"),
    "changed": gettext_lazy("decided by a colleague or changed by the author since"),
}


def prepare(
    *,
    moderator: Reader,
    comments: Iterable[int],
    after: str,
    reason: str = "",
    note: str = "",
    told: str = "",
) -> Bulk:
    """Keep what an act on these comments would do, for its preview; nothing is done yet.

    Raises Refused, Unacceptable: for an act there is not, for a rejection without a reason, for too many comments.
    """
    if not rules.may_decide(moderator):
        raise Refused(_("Only moderators decide about comments."))
    if after not in {Status.PUBLISHED, Status.REJECTED, Status.PENDING}:
        raise Unacceptable(_("That cannot be done with a comment."))
    seen = Status.PUBLISHED if after != Status.PUBLISHED else Status.PENDING
    if why := rules.why_not_act(seen, after, reason):
        raise Unacceptable(why)
    wanted = list(dict.fromkeys(comments))
    if not wanted:
        raise Unacceptable(_("Please choose the comments first."))
    if len(wanted) > MOST:
        sentence = _("One act takes at most %(most)s comments. Please narrow the view.")
        raise Unacceptable(sentence % {"most": number(MOST)})
    kept, left = _looked_at(moderator, wanted, after)
    return Bulk.objects.create(
        moderator=moderator,
        after=after,
        reason=reason if after == Status.REJECTED else "",
        note=readable(note, most=LONGEST_NOTE, what=_("Note")),
        told=readable(told, most=LONGEST_NOTE, what=_("Note")),
        comments=kept,
        left=left,
    )


def _looked_at(moderator: Reader, wanted: list[int], after: str) -> tuple[list[list[Any]], Counter[str]]:
    """What would be done, each comment as it is at this moment; and how many are left alone, by why."""
    kept: list[list[Any]] = []
    left: Counter[str] = Counter()
    sections, now = rules.sections_of(moderator), clock.database_now()
    for start in range(0, len(wanted), 500):
        some = wanted[start : start + 500]
        rows = Comment.objects.in_bulk(some)
        section_of = dict(Comment.objects.filter(pk__in=some).values_list("pk", "thread__story__section_id").order_by())
        places: dict[int, list[Entry]] = {}
        for place in Entry.objects.filter(comment__in=some):
            places.setdefault(place.comment_id, []).append(place)
        numbers = _last_numbers(Decision.objects.filter(comment__in=some), "number")
        reports = _last_numbers(Report.objects.filter(comment__in=some, outcome=Outcome.WAITING), "pk")
        for pk in some:
            if (comment := rows.get(pk)) is None:
                continue
            its = places.get(pk, [])
            if why := _why_left(moderator, comment, after, its, now):
                left[why] += 1
            elif sections is not None and section_of[pk] not in sections:
                left["elsewhere"] += 1
            else:
                edited = comment.edited_at.isoformat() if comment.edited_at else ""
                kept.append([pk, comment.status, edited, numbers.get(pk, 0), reports.get(pk, 0)])
    return kept, left


def _last_numbers(rows: QuerySet[Any], column: str) -> dict[int, int]:
    return dict(rows.order_by(column).values_list("comment_id", column))  # the last one of a comment stays


def _why_left(moderator: Reader, comment: Comment, after: str, places: list[Entry], now: datetime) -> str:
    if comment.author_id == moderator.pk and not moderator.is_superuser:
        return "own"
    if any(claims.is_held(place, now) and place.holder_id != moderator.pk for place in places):
        return "held"
    if comment.status == Status.WITHDRAWN:
        return "withdrawn"
    answers = any(place.queue in {Queue.REPORTED, Queue.UNREVIEWED} for place in places)
    if comment.status == after and not (after == Status.PUBLISHED and answers):
        return "nothing"
    return ""


# --- The preview ------------------------------------------------------------------------------------------------------


@dataclass
class Preview:
    """What an act would do: how many comments, of which kinds, the first of them, and what is left alone."""

    number: int
    by: list[tuple[str, list[tuple[str, int]]]] = field(default_factory=list)
    first: list[Comment] = field(default_factory=list)
    left: list[tuple[str, int]] = field(default_factory=list)


def preview(bulk: Bulk) -> Preview:
    """The counts by status, author, story and section, the largest first, and the first comments."""
    keys = [row[0] for row in bulk.comments]
    rows = Comment.objects.filter(pk__in=keys)
    first = {comment.pk: comment for comment in rows.filter(pk__in=keys[:SHOWN]).with_story()}
    by = [
        (_("Status"), [(str(Status(value).label), count) for value, count in _counted(rows, "status")]),
        (_("Author"), [(name, count) for name, count in _counted(rows, "author_name")]),
        (_("Story"), [(name, count) for name, count in _counted(rows, "thread__story__headline")]),
        (_("Section"), [(name or "–", count) for name, count in _counted(rows, "thread__story__section__name")]),
    ]
    return Preview(len(keys), by, [first[pk] for pk in keys[:SHOWN] if pk in first], left_alone(bulk))


def _counted(rows: QuerySet[Comment], column: str) -> list[tuple[Any, int]]:
    counted = rows.values(column).annotate(many=Count("pk")).order_by("-many", column)[:10]
    return [(row[column], row["many"]) for row in counted]


def left_alone(bulk: Bulk) -> list[tuple[str, int]]:
    """Why comments are left alone, in words, with how many, the commonest first."""
    return [(str(LEFT[why]), many) for why, many in Counter(bulk.left).most_common() if many]


# --- The work ---------------------------------------------------------------------------------------------------------


def start(*, moderator: Reader, bulk: Bulk) -> Bulk:
    """Do what the preview showed, in the background. Started twice, it is done once. Raises Refused, Stale."""
    if bulk.moderator_id != moderator.pk:
        raise Refused(_("Only whoever looked at this preview starts it."))
    if not bulk.comments:
        raise Stale(_("There is nothing to do."))
    with transaction.atomic():
        now = clock.database_now()
        fresh = Bulk.objects.filter(pk=bulk.pk, started_at=None, created_at__gte=now - KEPT_UNSTARTED)
        if fresh.update(started_at=now):
            work.enqueue(bulk.pk)
        elif not Bulk.objects.filter(pk=bulk.pk, started_at__isnull=False).exists():
            raise Stale(_("This preview is too old. Please choose the comments again."))
    bulk.refresh_from_db()
    return bulk


@task()
def work(pk: int) -> None:
    """Decide about each comment as the preview showed it. Begun again after a fall, it goes on where it was."""
    bulk = Bulk.objects.select_related("moderator").get(pk=pk)
    done = set(bulk.decisions.filter(undoes=None).values_list("comment_id", flat=True))
    left = Counter({why: many for why, many in bulk.left.items() if why != "changed"})
    passed = 0
    for place, row in enumerate(bulk.comments, start=1):
        if row[0] not in done:
            if _decide(bulk, row):
                done.add(row[0])
            else:
                passed += 1
        if place % CHUNK == 0:
            Bulk.objects.filter(pk=pk).update(done=len(done), passed=passed)
    left["changed"] += passed
    Bulk.objects.filter(pk=pk).update(done=len(done), passed=passed, left=left, finished_at=clock.database_now())


def _decide(bulk: Bulk, row: list[Any]) -> bool:
    pk, seen, edited, last_decision, last_report = row
    screen = rules.Screen(datetime.fromisoformat(edited) if edited else None, last_decision, last_report)
    try:
        actions.decide(
            moderator=bulk.moderator,
            comment=Comment.objects.with_story().get(pk=pk),
            seen=seen,
            after=bulk.after,
            reason=bulk.reason,
            note=bulk.note,
            told=bulk.told,
            screen=screen,
            source=Source.BULK,
            bulk=bulk,
        )
    except (Refused, Comment.DoesNotExist):
        return False
    return True


# --- The undoing ------------------------------------------------------------------------------------------------------


def why_not_undo(moderator: Reader, bulk: Bulk, now: datetime) -> str | None:
    """Why this person cannot undo all of it; None when they can."""
    if bulk.moderator_id != moderator.pk:
        return _("Only whoever made a decision undoes it. You can decide anew instead.")
    if bulk.finished_at is None:
        return _("It is still being done.")
    if bulk.undone_at is not None:
        return _("It has been undone already.")
    if bulk.finished_at < now - undoing.FOR:
        return _("A decision can be undone for a day. You can decide anew instead.")
    return None


def undo(*, moderator: Reader, bulk: Bulk) -> Bulk:
    """Undo all of it that nobody has touched since, in the background. Raises Refused."""
    with transaction.atomic():
        now = clock.database_now()
        held = Bulk.objects.select_for_update().get(pk=bulk.pk)
        if why := why_not_undo(moderator, held, now):
            raise Refused(why)
        Bulk.objects.filter(pk=bulk.pk).update(undone_at=now)
        work_back.enqueue(bulk.pk)
    bulk.refresh_from_db()
    return bulk


@task()
def work_back(pk: int) -> None:
    """Undo each decision of an act that is still the latest about its comment."""
    bulk = Bulk.objects.select_related("moderator").get(pk=pk)
    for decision in bulk.decisions.select_related("comment__thread__story").order_by("-pk"):
        try:
            undoing.undo(moderator=bulk.moderator, decision=decision)
        except Refused:
            continue  # somebody has done something else with it since


def undone(bulk: Bulk) -> int:
    """How many of its decisions have been undone."""
    return Decision.objects.filter(undoes__bulk=bulk).count()


def said_of(bulk: Bulk) -> str:
    """What came of it so far, in a sentence."""
    sentence = ngettext("%(n)s comment is done.", "%(n)s comments are done.", bulk.done)
    return sentence % {"n": number(bulk.done)}


def forget_unstarted(now: datetime) -> int:
    """Delete previews that nobody has started; how many."""
    return Bulk.objects.filter(started_at=None, created_at__lt=now - KEPT_UNSTARTED).delete()[0]
