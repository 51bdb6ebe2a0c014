"""The pages of reports, for everybody, and of the moderators' desk, for those who decide."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from broadsheet.core import clock
from broadsheet.core.addresses import reader_address
from broadsheet.core.middleware import wants_json
from broadsheet.core.refusals import NotFound, Refused, Stale, TooSoon, Unacceptable
from broadsheet.discussion.models import Comment
from broadsheet.moderation import queues, rules
from broadsheet.moderation.actions import decide, pick, report_comment, unpick
from broadsheet.moderation.doors import asker, desk_page, moderators_only, unlisted
from broadsheet.moderation.forms import DecisionForm, PickForm, ReportForm, ScreenForm, new_key, token_in
from broadsheet.moderation.models import LONGEST_NOTE, Report

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
        raise NotFound(_("There is no receipt at this address. Please check that the link is complete."))
    story = found.comment.thread.story
    context = {
        "report": found,
        "since_then": rules.since_then(found),
        "comment": Comment.objects.visible_to(None).filter(pk=found.comment_id).first(),
        "story": story if story.is_public() else None,
        "link": settings.SITE_URL + reverse("report_receipt", args=[found.token]),
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
    }
    return unlisted(render(request, "moderation/report.html", context, status=status))


def _wait(response: HttpResponse, refusal: Refused) -> HttpResponse:
    if isinstance(refusal, TooSoon):
        response["Retry-After"] = str(refusal.wait)
    return response


# --- The desk ---------------------------------------------------------------------------------------------------------


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
    rows, after = queues.recent_decisions(cursor_of(request))
    return desk_page(request, "moderation/decisions.html", {"decisions": rows, "next": after}, tab="decisions")


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
            moderator=asker(request),
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
    messages.success(request, str(DONE[made.act]) % {"name": about.author_name}, extra_tags=str(pk))
    return HttpResponseRedirect(_way_back(form, about))


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def picking(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an editor's pick on a comment, or take it back."""
    if request.method != "POST":  # back from signing in
        return redirect("moderation:comment", pk)
    about = _any_comment(pk)
    form = PickForm(request.POST)
    try:
        if not form.is_valid():
            raise Unacceptable(form.sentence)
        act = pick if form.cleaned_data["pick"] == "yes" else unpick
        made = act(moderator=asker(request), comment=about, screen=form.screen)
    except Refused as refusal:
        if wants_json(request):
            raise
        return _comment_page(request, _any_comment(pk), refusal=refusal)
    messages.success(request, str(DONE[made.act]) % {"name": about.author_name}, extra_tags=str(pk))
    return HttpResponseRedirect(_way_back(form, about, stay=True))


DONE = {
    "approved": gettext_lazy("You approved the comment by %(name)s."),
    "rejected": gettext_lazy("You rejected the comment by %(name)s."),
    "kept": gettext_lazy("You kept the comment by %(name)s."),
    "restored": gettext_lazy("You restored the comment by %(name)s."),
    "picked": gettext_lazy("You picked the comment by %(name)s."),
    "unpicked": gettext_lazy("You took back the pick of the comment by %(name)s."),
}


def _any_comment(pk: int) -> Comment:
    found = queues.with_context(pk)
    if found is None:
        raise NotFound(_("There is no such comment."))
    return found


def cursor_of(request: HttpRequest) -> int:
    """The place in a queue to go on from; what is no number begins at the front."""
    written = request.GET.get("after", "")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 19 else 0


def _way_back(form: ScreenForm, about: Comment, *, stay: bool = False) -> str:
    """The queue the form came from, at its next card; with `stay` at the same one, for acts that leave it there."""
    queue, cursor, then = (form.cleaned_data[name] for name in ("queue", "cursor", "then"))
    if queue not in {"pending", "reported", "talk"}:
        return reverse("moderation:comment", args=[about.pk])
    address = reverse(f"moderation:{queue}", args=[about.thread_id] if queue == "talk" else [])
    query = f"?{urlencode({'after': cursor})}" if cursor else ""
    card = about.pk if stay else then
    return address + query + (f"#card-{card}" if card else "#queue")


def _queue(request: HttpRequest, name: str, read: Callable[[int], queues.Page]) -> HttpResponse:
    cursor = cursor_of(request)
    page = with_reasons(request, read(cursor))
    return desk_page(request, "moderation/queue.html", {"queue": name, "page": page, "cursor": cursor}, tab=name)


def with_reasons(request: HttpRequest, page: queues.Page) -> queues.Page:
    """The page, with why whoever asks cannot decide about one card or another."""
    for card in page.cards:
        card.why_not = rules.why_not_decide(asker(request), card.comment)
    return page


def _comment_page(
    request: HttpRequest, about: Comment, *, refusal: Refused | None = None, typed: dict[str, str] | None = None
) -> HttpResponse:
    card = queues.card(about)
    card.why_not = rules.why_not_decide(asker(request), about)
    context = {
        "card": card,
        "versions": about.versions.order_by("-pk"),
        "reports": queues.every_report(about),
        "is_public": about.is_public and about.thread.story.is_public(clock.now()),
        "refusal": refusal,
        "typed": typed or {},
    }
    return desk_page(request, "moderation/comment.html", context, status=refusal.status if refusal else 200)
