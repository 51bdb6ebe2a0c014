"""A reader's own reports, with what came of each."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from broadsheet.accounts.models import Reader
from broadsheet.accounts.sessions import remember_reader
from broadsheet.core import clock
from broadsheet.core.numbers import whole
from broadsheet.discussion.models import Comment
from broadsheet.moderation.rules import since_then
from broadsheet.stories.models import Story

PER_PAGE = 20


@login_required
@require_safe
def my_reports(request: HttpRequest) -> HttpResponse:
    """What one has reported while signed in, newest first. Comments and stories are named while they are public."""
    reader = request.user
    assert isinstance(reader, Reader)
    rows = reader.reports.select_related("comment__thread__story__section", "decision").order_by("-pk")
    before = whole(request.GET.get("before"))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: PER_PAGE + 1])
    shown = found[:PER_PAGE]
    comments = set(
        Comment.objects.visible_to(None).filter(pk__in=[row.comment_id for row in shown]).values_list("pk", flat=True)
    )
    stories = set(
        Story.objects.public(clock.now())
        .filter(pk__in=[row.comment.thread_id for row in shown])
        .values_list("pk", flat=True)
    )
    context = {
        "shown": [
            {
                "report": report,
                "since_then": since_then(report),
                "is_shown": report.comment_id in comments,
                "story": report.comment.thread.story if report.comment.thread_id in stories else None,
            }
            for report in shown
        ],
        "earlier": shown[-1].pk if len(found) > PER_PAGE else None,
        "paged": bool(before),
    }
    return remember_reader(request, render(request, "moderation/my_reports.html", context))
