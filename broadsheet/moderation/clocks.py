"""What is forgotten of reports and decisions when its time is over (setting CLOCKS)."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef

from broadsheet.core.tidying import some_at_a_time
from broadsheet.discussion.clocks import empty
from broadsheet.discussion.models import Comment, Status
from broadsheet.moderation.actions import forget_addresses, settle_withdrawn
from broadsheet.moderation.models import Decision, Outcome, Report


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
    emptied = some_at_a_time(rejected.exclude(body=""), lambda keys: empty(keys, Status.REJECTED))
    return emptied, "rejected comments emptied"
