"""The news desk's pages: what moderators bring, corrections for who writes stories, leads for their reporters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from broadsheet.accounts.models import Reader
from broadsheet.core.numbers import whole
from broadsheet.core.refusals import NotFound, Refused, Unacceptable
from broadsheet.discussion.models import Comment
from broadsheet.moderation.doors import asker, desk_page, door, moderators_only
from broadsheet.moderation.rules import why_not_see
from broadsheet.moderation.tabs import COUNTED, Tab, capped
from broadsheet.newsdesk import actions, rules
from broadsheet.newsdesk.models import LONGEST, Correction, State
from broadsheet.stories.models import Notice
from broadsheet.stories.rules import may_publish

PER_PAGE = 30
forms = require_http_methods(["GET", "HEAD", "POST"])


def writers_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For those who write stories."""
    return door(view, rules.may_see_corrections, gettext_lazy("This page is for those who write the stories."))


def reporters_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For editors, and for those whose names stand on stories."""
    sentence = gettext_lazy("This page is for editors and for those whose names stand on stories.")
    return door(view, rules.may_see_leads, sentence)


def tabs(person: Reader) -> Iterator[Tab]:
    """Corrections and leads (setting DESK_TABS), each for those who have to do with them."""
    if rules.may_see_corrections(person):
        waiting = Correction.objects.filter(state=State.OPEN).order_by()[: COUNTED + 1].count()
        yield Tab("corrections", reverse("newsdesk:corrections"), _("Corrections"), capped(waiting), "desk", True)
    if rules.may_see_leads(person):
        waiting = rules.leads_for(person).filter(answer="").order_by()[: COUNTED + 1].count()
        yield Tab("leads", reverse("newsdesk:leads"), _("Leads"), capped(waiting), "desk", True)


# --- From a comment ---------------------------------------------------------------------------------------------------


@moderators_only
@forms
def send_correction(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring a comment to the correction desk, with what is said to be wrong."""

    def act() -> str:
        claim, note = request.POST.get("claim", ""), request.POST.get("note", "")
        actions.send_to_desk(moderator=asker(request), comment=about, claim=claim, note=note)
        return _("The comment is at the correction desk.")

    about = _comment(request, pk)
    return _bring(request, about, "newsdesk/send_correction.html", act)


@moderators_only
@forms
def send_lead(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell the story's reporters of a comment, and nobody else."""

    def act() -> str:
        actions.mark_lead(moderator=asker(request), comment=about, note=request.POST.get("note", ""))
        return _("The story’s reporters are told.")

    about = _comment(request, pk)
    return _bring(request, about, "newsdesk/send_lead.html", act)


def _bring(request: HttpRequest, about: Comment, template: str, act: Callable[[], str]) -> HttpResponse:
    refusal = None
    if request.method == "POST":
        try:
            messages.success(request, act(), extra_tags=str(about.pk))
            return redirect("moderation:comment", about.pk)
        except Refused as fault:
            refusal = fault
    context = {
        "comment": about,
        "refusal": refusal,
        "why_not": rules.why_not_send(asker(request), about),
        "typed": {name: request.POST.get(name, "") for name in ("claim", "note")},
        "reporters": rules.reporters_of(about.thread.story),
        "longest": LONGEST,
    }
    return desk_page(request, template, context, status=refusal.status if refusal else 200)


def _comment(request: HttpRequest, pk: int) -> Comment:
    found = Comment.objects.with_story().filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such comment."))
    if why := why_not_see(asker(request), found):
        raise Refused(why)
    return found


# --- Corrections ------------------------------------------------------------------------------------------------------


@writers_only
@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    """What readers say is wrong with stories, by how far the desk is with it; the longest waiting first."""
    asked = request.GET.get("state", State.OPEN)
    state = State(asked) if asked in State.values else State.OPEN
    rows = Correction.objects.filter(state=state).select_related("comment__thread__story", "story", "owner")
    shown, after = _page(request, rows, oldest_first=state == State.OPEN)
    context = {"shown": shown, "after": after, "state": state, "states": State.choices}
    return desk_page(request, "newsdesk/corrections.html", context, tab="corrections")


@writers_only
@forms
def correction(request: HttpRequest, pk: int) -> HttpResponse:
    """One correction: the comment, what it says is wrong, what was done; and what can be done now."""
    found = Correction.objects.select_related("comment__author", "story__section", "owner").filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such correction."))
    refusal = None
    if request.method == "POST":
        try:
            return _work(request, found)
        except Refused as fault:
            refusal = fault
            found.refresh_from_db()
    context = {
        "correction": found,
        "comment": found.comment,
        "steps": found.steps.select_related("by").order_by("-pk"),
        "why_not": rules.why_not_settle(asker(request), found),
        "kinds": [(kind.value, kind.label) for kind in (Notice.Kind.CORRECTION, Notice.Kind.CLARIFICATION)],
        "typed": {name: request.POST.get(name, "") for name in ("kind", "text", "note", "told")},
        "editor": _editor(found),
        "refusal": refusal,
        "longest": LONGEST,
    }
    status = refusal.status if refusal else 200
    return desk_page(request, "newsdesk/correction.html", context, tab="corrections", status=status)


def _work(request: HttpRequest, found: Correction) -> HttpResponse:
    """Do what the form asks for, and lead to what follows from it."""
    by, sent = asker(request), request.POST
    kind, text = sent.get("kind", ""), sent.get("text", "")
    match sent.get("act"):
        case "take":
            actions.take(by=by, correction=found)
            messages.success(request, _("This correction is yours."))
        case "note":
            actions.note(by=by, correction=found, text=sent.get("note", ""))
            messages.success(request, _("The note is kept."))
        case "draft":
            actions.accept(by=by, correction=found, kind=kind, text=text)
            messages.success(request, _("The notice is in the story’s draft. Put the story right, and publish both."))
            return redirect(_editor(found))
        case "publish":
            actions.accept(by=by, correction=found, kind=kind, text=text, publish=True)
            messages.success(request, _("The notice is published."))
        case "decline":
            actions.decline(by=by, correction=found, note=sent.get("note", ""), told=sent.get("told", ""))
            messages.success(request, _("The correction is declined."))
        case _:
            raise Unacceptable(_("This form came without an answer. Please open it again."))
    return redirect("newsdesk:correction", found.pk)


def _editor(found: Correction) -> str:
    """Where the story is edited."""
    return reverse("wagtailsnippets_stories_story:edit", args=[found.story_id])


# --- Leads ------------------------------------------------------------------------------------------------------------


@reporters_only
@require_safe
def leads(request: HttpRequest) -> HttpResponse:
    """Comments that moderators thought a reporter should know of: of one's own stories; to an editor all."""
    rows = rules.leads_for(asker(request)).select_related("comment", "story", "marked_by", "answered_by")
    shown, after = _page(request, rows)
    return desk_page(
        request,
        "newsdesk/leads.html",
        {"shown": shown, "after": after, "all": may_publish(asker(request))},
        tab="leads",
    )


@reporters_only
@forms
def lead(request: HttpRequest, pk: int) -> HttpResponse:
    """One lead, and what its reporter makes of it."""
    rows = rules.leads_for(asker(request)).select_related("comment__parent", "story", "marked_by", "answered_by")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such lead for you."))
    refusal = None
    if request.method == "POST":
        try:
            actions.answer_lead(by=asker(request), lead=found, answer=request.POST.get("answer", ""))
            messages.success(request, _("Your answer is kept."))
            return redirect("newsdesk:leads")
        except Refused as fault:
            refusal = fault
    context: dict[str, Any] = {"lead": found, "comment": found.comment, "refusal": refusal}
    return desk_page(request, "newsdesk/lead.html", context, tab="leads", status=refusal.status if refusal else 200)


def _page(request: HttpRequest, rows: QuerySet[Any], *, oldest_first: bool = False) -> tuple[list[Any], int]:
    """One page of rows after a cursor, and the cursor of the next; 0 on the last."""
    after = whole(request.GET.get("after"))
    if after is not None:
        rows = rows.filter(pk__gt=after) if oldest_first else rows.filter(pk__lt=after)
    found = list(rows.order_by("pk" if oldest_first else "-pk")[: PER_PAGE + 1])
    return found[:PER_PAGE], found[PER_PAGE - 1].pk if len(found) > PER_PAGE else 0
