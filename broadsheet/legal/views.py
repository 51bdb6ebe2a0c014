"""Notices, receipts, statements of reasons and appeals: the pages for readers and for people without an account."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from broadsheet.accounts.models import Reader
from broadsheet.accounts.sessions import remember_reader
from broadsheet.core import clock
from broadsheet.core.addresses import reader_address
from broadsheet.core.numbers import whole
from broadsheet.core.refusals import NotFound, Refused, Stale, TooSoon
from broadsheet.discussion.models import Comment
from broadsheet.legal import appeals, letters, notices, statements
from broadsheet.legal.forms import AddressedNoticeForm, AppealForm, NoticeForm, new_key, token_in
from broadsheet.legal.models import LONGEST_APPEAL, LONGEST_EXPLANATION, Appeal, Notice, Recipient, Statement
from broadsheet.legal.sanctions import told_with
from broadsheet.moderation.doors import unlisted
from broadsheet.moderation.models import Report
from broadsheet.stories.models import Story

PER_PAGE = 20


# --- Notices ----------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def comment_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """A notice that this comment is illegal, by anybody; what it takes ends at a receipt."""
    comment = Comment.objects.visible_to(None).filter(pk=pk).with_story().first()
    if comment is None:
        raise NotFound(_("There is no such comment, or it is not shown any more."))
    form = NoticeForm(request.POST or None, initial=_known(request))
    return _notice(request, form, notices.Content(comment=comment))


@require_http_methods(["GET", "HEAD", "POST"])
def new_notice(request: HttpRequest) -> HttpResponse:
    """The same for whatever stands at an address of ours."""
    initial = {**_known(request), "address": request.GET.get("address", "")[:500]}
    return _notice(request, AddressedNoticeForm(request.POST or None, initial=initial), None)


@require_safe
def notice(request: HttpRequest, token: str) -> HttpResponse:
    """What became of a notice, for whoever holds its link."""
    found = _notice_of(token)
    story = found.comment.thread.story if found.comment else None
    context = {
        "notice": found,
        "story": story if story and story.is_public() else None,
        "by_whom": "" if found.is_waiting else letters.by_whom(found),
        "may_appeal": appeals.why_not_appeal(_reader(request), found, clock.now()) is None,
        "until": appeals.deadline(found),
        "appeal": found.appeals.order_by("-pk").first(),
        "link": settings.SITE_URL + reverse("notice", args=[found.token]),
    }
    return unlisted(render(request, "legal/notice.html", context))


def _notice(request: HttpRequest, form: NoticeForm, content: notices.Content | None) -> HttpResponse:
    if request.method != "POST":
        return _notice_page(request, form, content)
    if not form.is_valid():
        return _notice_page(request, form, content, status=422)
    sent = form.cleaned_data
    sender = notices.Sender(_reader(request), reader_address(request.META), sent["name"], sent["email"])
    try:
        made = notices.send_notice(
            content=content or notices.content_at(sent["address"]),
            sender=sender,
            category=sent["category"],
            legal_ground=sent["legal_ground"],
            explanation=sent["explanation"],
            good_faith=sent["good_faith"],
            is_danger=sent["is_danger"],
            token=token_in(sent["key"]),
        )
    except Stale:  # gone since: the page must not show it again
        raise
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        response = _notice_page(request, form, content, status=refusal.status)
        if isinstance(refusal, TooSoon):
            response["Retry-After"] = str(refusal.wait)
        return response
    return redirect("notice", made.token)


def _notice_page(
    request: HttpRequest, form: NoticeForm, content: notices.Content | None, *, status: int = 200
) -> HttpResponse:
    comment = content.comment if content else None
    context = {
        "form": form,
        "comment": comment,
        "story": comment.thread.story if comment else None,
        "address": settings.SITE_URL + reverse("comment", args=[comment.pk]) if comment else "",
        "most": LONGEST_EXPLANATION,
    }
    return unlisted(render(request, "legal/notice_form.html", context, status=status))


def _known(request: HttpRequest) -> dict[str, str]:
    """What the form holds already: its key, and who is signed in."""
    reader = _reader(request)
    named = {"name": reader.name, "email": reader.mail_address} if reader else {}
    return {"key": new_key(), **named}


def _notice_of(token: str) -> Notice:
    found = Notice.objects.filter(token=token).select_related("comment__thread__story__section", "decision").first()
    if found is None:
        raise NotFound(_("There is no receipt at this address. Please check that the link is complete."))
    return found


# --- Statements of reasons --------------------------------------------------------------------------------------------


@login_required
@require_safe
def statement(request: HttpRequest, token: str) -> HttpResponse:
    """Why one's comment or account was restricted, with all that the law wants said; for supervisors too."""
    found, reader = _statement_of(request, token)
    statements.note_reading(found, reader)
    comment = found.decision.comment if found.decision else None
    story = comment.thread.story if comment else None
    context = {
        "statement": found,
        "comment": comment,
        "story": story if story and story.is_public() else None,
        "is_mine": Recipient.objects.filter(statement=found, reader=reader).exists(),
        "told": found.decision.told if found.decision else told_with(found),
        "why_no_appeal": appeals.why_not_appeal(reader, found, clock.now()),
        "appeal": found.appeals.order_by("-pk").first(),
        "dispute_body": settings.DISPUTE_BODY,
    }
    return unlisted(render(request, "legal/statement.html", context))


@login_required
@require_safe
def my_statements(request: HttpRequest) -> HttpResponse:
    """All of one's own statements of reasons and appeals, the latest first."""
    reader = _reader(request)
    assert reader is not None  # signed in
    rows = Recipient.objects.filter(reader=reader).select_related("statement__decision__comment").order_by("-pk")
    before = whole(request.GET.get("before"))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: PER_PAGE + 1])
    shown = found[:PER_PAGE]
    numbers = [row.statement.decision.comment.thread_id for row in shown if row.statement.decision]
    stories = Story.objects.public(clock.now()).in_bulk(numbers)
    context = {
        "shown": [
            {
                "statement": row.statement,
                "is_new": row.read_at is None,
                "story": stories.get(row.statement.decision.comment.thread_id) if row.statement.decision else None,
            }
            for row in shown
        ],
        "appeals": {each.statement_id: each for each in Appeal.objects.filter(statement__in=[r.pk for r in shown])},
        "earlier": shown[-1].pk if len(found) > PER_PAGE else None,
        "paged": bool(before),
    }
    return remember_reader(request, render(request, "legal/my_statements.html", context))


def _statement_of(request: HttpRequest, token: str) -> tuple[Statement, Reader]:
    rows = Statement.objects.select_related("decision__comment__thread__story__section")
    found, reader = rows.filter(puid=token).first(), _reader(request)
    if found is None or reader is None or statements.why_not_read(reader, found):
        raise NotFound(_("There is no statement of reasons for you at this address."))
    return found, reader


# --- Appeals ----------------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def statement_appeal(request: HttpRequest, token: str) -> HttpResponse:
    """To appeal a decision that restricts oneself."""
    found, _who = _statement_of(request, token)
    return _appeal(request, found, {"statement": found})


@require_http_methods(["GET", "HEAD", "POST"])
def notice_appeal(request: HttpRequest, token: str) -> HttpResponse:
    """To appeal that one's notice was turned down."""
    return _appeal(request, _notice_of(token), {})


@require_http_methods(["GET", "HEAD", "POST"])
def report_appeal(request: HttpRequest, token: str) -> HttpResponse:
    """To appeal that one's report was turned down."""
    found = Report.objects.filter(token=token).select_related("decision").first()
    if found is None:
        raise NotFound(_("There is no receipt at this address. Please check that the link is complete."))
    return _appeal(request, found, {})


@require_safe
def appeal(request: HttpRequest, token: str) -> HttpResponse:
    """What became of an appeal, for whoever holds its link."""
    found = Appeal.objects.filter(token=token).select_related("statement", "comment__thread__story").first()
    if found is None:
        raise NotFound(_("There is no receipt at this address. Please check that the link is complete."))
    story = found.comment.thread.story if found.comment else None
    context = {
        "appeal": found,
        "story": story if story and story.is_public() else None,
        "dispute_body": settings.DISPUTE_BODY,
        "link": settings.SITE_URL + reverse("appeal", args=[found.token]),
    }
    return unlisted(render(request, "legal/appeal.html", context))


def _appeal(request: HttpRequest, about: appeals.About, shown: dict[str, Any]) -> HttpResponse:
    reader, form = _reader(request), AppealForm(request.POST or None)
    why_not = appeals.why_not_appeal(reader, about, clock.now())
    status = 200
    if why_not is None and request.method == "POST":
        try:
            if form.is_valid():
                made = appeals.appeal(reader=reader, about=about, words=form.cleaned_data["words"])
                return redirect("appeal", made.token)
            status = 422
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
            status = refusal.status
    context = {
        **shown,
        "form": form,
        "why_not": why_not,
        "until": appeals.deadline(about),
        "most": LONGEST_APPEAL,
    }
    return unlisted(render(request, "legal/appeal_form.html", context, status=403 if why_not else status))


def _reader(request: HttpRequest) -> Reader | None:
    return request.user if request.user.is_authenticated else None
