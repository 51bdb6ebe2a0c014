"""What is forgotten of reports and decisions when its time is over (setting CLOCKS)."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from broadsheet.core.tidying import delete_all, some_at_a_time
from broadsheet.discussion.clocks import empty, unkept
from broadsheet.discussion.models import Comment, Status
from broadsheet.moderation import bulks
from broadsheet.moderation.actions import forget_addresses, settle_withdrawn
from broadsheet.moderation.models import Decision, Entry, Likeness, Outcome, Queue, Report


def addresses(now: datetime) -> tuple[int, str]:
    """The scrambled addresses of those who reported without an account, after a day."""
    return forget_addresses(now), "reporters' addresses forgotten"


def settled_reports(now: datetime) -> tuple[int, str]:
    """Reports of comments that their authors have withdrawn: nothing is left to decide."""
    return settle_withdrawn(), "reports of withdrawn comments settled"


def report_notes(now: datetime) -> tuple[int, str]:
    """The notes of answered reports; that there was a report, why, and what came of it stay."""
    old = Report.objects.filter(created_at__lt=now - settings.REPORTS_KEPT).exclude(note="")
    answered = old.exclude(outcome=Outcome.WAITING)
    return (
        some_at_a_time(answered, lambda keys: Report.objects.filter(pk__in=keys).update(note="")),
        "notes of old reports deleted",
    )


def rejected_words(now: datetime) -> tuple[int, str]:
    """The words of comments that were rejected long ago, and their earlier words; the decision and its reason stay."""
    before = now - settings.REJECTED_TEXT_KEPT
    lately = Decision.objects.filter(comment=OuterRef("pk"), created_at__gte=before)
    rejected = Comment.objects.filter(~Exists(lately), status=Status.REJECTED, created_at__lt=before)
    emptied = some_at_a_time(unkept(rejected.exclude(body="")), lambda keys: empty(keys, Status.REJECTED))
    return emptied, "rejected comments emptied"


def unreviewed(now: datetime) -> tuple[int, str]:
    """Places of comments that nobody has read by now: readers have, and none of them has said anything."""
    old = Entry.objects.filter(queue=Queue.UNREVIEWED, since__lt=now - settings.UNREVIEWED_FOR)
    return delete_all(old), "unreviewed comments taken off their queue"


def previews(now: datetime) -> tuple[int, str]:
    """Previews of acts on many comments that nobody has started."""
    return bulks.forget_unstarted(now), "previews of bulk acts forgotten"


def likenesses(now: datetime) -> tuple[int, str]:
    """The numbers by which texts like an old one are found, and those of words that are deleted."""
    old = Q(comment__created_at__lt=now - settings.REJECTED_TEXT_KEPT) | Q(comment__words="")
    return delete_all(Likeness.objects.filter(old)), "marks of similar texts forgotten"
