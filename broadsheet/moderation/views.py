"""The pages of reports, for everybody."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from broadsheet.core.addresses import reader_address
from broadsheet.core.refusals import NotFound, Refused, Stale, TooSoon
from broadsheet.discussion.models import Comment
from broadsheet.moderation import rules, thresholds
from broadsheet.moderation.actions import report_comment
from broadsheet.moderation.doors import unlisted
from broadsheet.moderation.forms import ReportForm, new_key, token_in
from broadsheet.moderation.models import LONGEST_NOTE, Report
from broadsheet.moderation.people import traces


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """The form to report a comment, for anybody; what it takes ends at a receipt."""
    comment = _shown_comment(pk)
    reporter = request.user if request.user.is_authenticated else None
    if reporter and (earlier := comment.reports.filter(reporter=reporter).first()):
        return redirect("report_receipt", earlier.token)
    if why := rules.why_not_report(reporter, comment):
        return _report_page(request, comment, None, why_not=why, status=403)
    if request.method != "POST":
        return _report_page(request, comment, ReportForm(initial={"key": new_key(comment)}))
    form = ReportForm(request.POST)
    if not form.is_valid():
        return _report_page(request, comment, form, status=422)
    try:
        made = report_comment(
            comment=comment,
            reporter=reporter,
            address=reader_address(request.META),
            reason=form.cleaned_data["reason"],
            note=form.cleaned_data["note"],
            token=token_in(form.cleaned_data["key"], comment),
        )
    except Stale:  # gone since: the page must not show it again
        raise
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return _wait(_report_page(request, comment, form, status=refusal.status), refusal)
    if reporter:
        traces.leave(reporter, reader_address(request.META))
    return redirect("report_receipt", made.token)


@require_safe
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    """What became of a report, for whoever holds its link; the comment's words only while everybody may read them."""
    found = Report.objects.filter(token=token).select_related("comment__thread__story", "decision").first()
    if found is None:
        raise NotFound(_("There is no receipt at this address. Please check that the link is complete."))
    story = found.comment.thread.story
    context = {
        "report": found,
        "since_then": rules.since_then(found),
        "comment": Comment.objects.visible_to(None).filter(pk=found.comment_id).first(),
        "story": story if story.is_public() else None,
        "link": settings.SITE_URL + reverse("report_receipt", args=[found.token]),
        "is_own": found.reporter_id is not None and found.reporter_id == request.user.pk,
    }
    return unlisted(render(request, "moderation/receipt.html", context))


def _shown_comment(pk: int) -> Comment:
    found = Comment.objects.visible_to(None).filter(pk=pk).with_story().first()
    if found is None:
        raise NotFound(_("There is no such comment, or it is not shown any more."))
    return found


def _report_page(
    request: HttpRequest, comment: Comment, form: ReportForm | None, *, why_not: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "comment": comment,
        "story": comment.thread.story,
        "form": form,
        "why_not": why_not,
        "most": LONGEST_NOTE,
        "may_hide": thresholds.are_set(),
    }
    return unlisted(render(request, "moderation/report.html", context, status=status))


def _wait(response: HttpResponse, refusal: Refused) -> HttpResponse:
    if isinstance(refusal, TooSoon):
        response["Retry-After"] = str(refusal.wait)
    return response
