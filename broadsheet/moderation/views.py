"""The pages of reports, for everybody, and of the moderators' desk, for those who decide."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.core.addresses import reader_address
from broadsheet.core.middleware import wants_json
from broadsheet.core.refusals import NotFound, Refused, Stale, TooSoon, Unacceptable
from broadsheet.discussion.models import Comment
from broadsheet.moderation import queues, rules
from broadsheet.moderation.actions import decide, report_comment
from broadsheet.moderation.forms import DecisionForm, ReportForm, new_key, token_in
from broadsheet.moderation.models import LONGEST_NOTE, Report

View = Callable[..., HttpResponse]


# --- Reports ----------------------------------------------------------------------------------------------------------


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
    return redirect("report_receipt", made.token)


@require_safe
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    """What became of a report, for whoever holds its link; the comment's words only while everybody may read them."""
    found = Report.objects.filter(token=token).select_related("comment__thread__story", "decision").first()
    if found is None:
        raise NotFound("There is no receipt at this address. Please check that the link is complete.")
    story = found.comment.thread.story
    context = {
        "report": found,
        "since_then": rules.since_then(found),
        "comment": Comment.objects.visible_to(None).filter(pk=found.comment_id).first(),
        "story": story if story.is_public() else None,
        "link": settings.SITE_URL + reverse("report_receipt", args=[found.token]),
    }
    return _unlisted(render(request, "moderation/receipt.html", context))


def _shown_comment(pk: int) -> Comment:
    found = Comment.objects.visible_to(None).filter(pk=pk).select_related("thread__story__section").first()
    if found is None:
        raise NotFound("There is no such comment, or it is not shown any more.")
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
    }
    return _unlisted(render(request, "moderation/report.html", context, status=status))


def _wait(response: HttpResponse, refusal: Refused) -> HttpResponse:
    if isinstance(refusal, TooSoon):
        response["Retry-After"] = str(refusal.wait)
    return response


def _unlisted(response: HttpResponse) -> HttpResponse:
    """In no search engine, in no cache, and its address in no other site's log."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "same-origin"
    return response


# --- The desk ---------------------------------------------------------------------------------------------------------


def moderators_only(view: View) -> View:
    """Sends the signed-out to sign in and turns everybody else away who may not decide."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
        if not rules.may_decide(request.user):
            raise Refused("These pages are for the moderators. If you should be one, please ask an administrator.")
        return _unlisted(view(request, *args, **kwargs))

    return guarded


@moderators_only
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The queue to begin with: the reported comments, which readers are reading now, before those that wait unseen."""
    counts = queues.waiting_counts()
    return redirect(
        "moderation:pending" if counts["reported"] == "0" and counts["pending"] != "0" else "moderation:reported"
    )


@moderators_only
@require_safe
def pending(request: HttpRequest) -> HttpResponse:
    """Comments that a check has held."""
    return _queue(request, "pending", queues.pending_page)


@moderators_only
@require_safe
def reported(request: HttpRequest) -> HttpResponse:
    """Published comments that readers have reported."""
    return _queue(request, "reported", queues.reported_page)


@moderators_only
@require_safe
def decisions(request: HttpRequest) -> HttpResponse:
    """What was decided lately, and by whom."""
    rows, after = queues.recent_decisions(_cursor(request))
    return _desk(request, "moderation/decisions.html", {"tab": "decisions", "decisions": rows, "next": after})


@moderators_only
@require_safe
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one comment: its words then and now, flags, reports, decisions, and what can be done."""
    return _comment_page(request, _any_comment(pk))


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one decision and go back to the queue; when something stood in the way, show the comment as it is now."""
    if request.method != "POST":  # back from signing in
        return redirect("moderation:comment", pk)
    about = _any_comment(pk)
    form = DecisionForm(request.POST)
    try:
        if not form.is_valid():
            raise Unacceptable(form.sentence)
        made = decide(
            moderator=_moderator(request),
            comment=about,
            seen=form.cleaned_data["seen"],
            after=form.cleaned_data["after"],
            reason=form.cleaned_data["reason"],
            note=form.cleaned_data["note"],
            screen=form.screen,
        )
    except Refused as refusal:
        if wants_json(request):
            raise
        typed = {"note": request.POST.get("note", ""), "reason": request.POST.get("reason", "")}
        return _comment_page(request, _any_comment(pk), refusal=refusal, typed=typed)
    messages.success(request, f"You {made.act} the comment by {about.author_name}.", extra_tags=str(pk))
    return HttpResponseRedirect(_way_back(form, pk))


def _moderator(request: HttpRequest) -> Reader:
    assert isinstance(request.user, Reader)  # moderators_only has seen to it
    return request.user


def _any_comment(pk: int) -> Comment:
    found = queues.with_context(pk)
    if found is None:
        raise NotFound("There is no such comment.")
    return found


def _cursor(request: HttpRequest) -> int:
    """The place in a queue to go on from; what is no number begins at the front."""
    written = request.GET.get("after", "")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 19 else 0


def _way_back(form: DecisionForm, pk: int) -> str:
    queue, cursor, then = (form.cleaned_data[name] for name in ("queue", "cursor", "then"))
    if queue not in {"pending", "reported"}:
        return reverse("moderation:comment", args=[pk])
    query = f"?{urlencode({'after': cursor})}" if cursor else ""
    return reverse(f"moderation:{queue}") + query + (f"#card-{then}" if then else "#queue")


def _queue(request: HttpRequest, name: str, read: Callable[[int], queues.Page]) -> HttpResponse:
    cursor = _cursor(request)
    page = read(cursor)
    for card in page.cards:
        card.why_not = rules.why_not_decide(_moderator(request), card.comment)
    return _desk(request, "moderation/queue.html", {"tab": name, "queue": name, "page": page, "cursor": cursor})


def _comment_page(
    request: HttpRequest, about: Comment, *, refusal: Refused | None = None, typed: dict[str, str] | None = None
) -> HttpResponse:
    card = queues.card(about)
    card.why_not = rules.why_not_decide(_moderator(request), about)
    context = {
        "card": card,
        "versions": about.versions.order_by("-pk"),
        "reports": queues.every_report(about),
        "is_public": about.is_public and about.thread.story.is_public(clock.now()),
        "refusal": refusal,
        "typed": typed or {},
    }
    return _desk(request, "moderation/comment.html", context, status=refusal.status if refusal else 200)


def _desk(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return render(request, template, {"counts": queues.waiting_counts(), "now": clock.now(), **context}, status=status)
