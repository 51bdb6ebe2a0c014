"""Legal holds at the desk: the list, setting one, changing and ending one, opening what is sealed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from broadsheet.core import clock
from broadsheet.core.numbers import row_number
from broadsheet.core.refusals import NotFound, Refused, Unacceptable
from broadsheet.discussion.models import Comment, Thread
from broadsheet.legal import holds as acts
from broadsheet.legal.desk import holds_for
from broadsheet.legal.forms import HoldForm
from broadsheet.legal.models import Hold, Sealed
from broadsheet.moderation.doors import asker, desk_page, moderators_only
from broadsheet.moderation.rules import why_not_arrange
from broadsheet.stories.models import Story

TAB = "legal"
ENDED_SHOWN = 50


@moderators_only
@require_safe
def holds(request: HttpRequest) -> HttpResponse:
    """The holds that are on, by their end, and those that ended lately."""
    now = clock.now()
    rows = holds_for(asker(request)).select_related("owner", "thread__story", "comment", "ended_by")
    on = rows.on(now).order_by("expires_at", "pk")
    over = rows.exclude(pk__in=Hold.objects.on(now)).order_by("-pk")[:ENDED_SHOWN]
    return desk_page(request, "legal/hold_list.html", {"holds": on, "over": over}, tab=TAB)


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def new_hold(request: HttpRequest) -> HttpResponse:
    """Put a discussion (?story=) or a comment (?comment=) under hold."""
    thread, comment = _about(request)
    if thread is None:
        return desk_page(request, "legal/hold_new.html", {"form": None}, tab=TAB)
    if why := why_not_arrange(asker(request), thread):
        raise Refused(why)
    whole = comment is None
    usual = clock.in_newsroom(clock.now() + acts.USUAL).date()
    form = HoldForm(
        request.POST or None,
        owners=acts.possible_owners(),
        whole=whole,
        initial={"owner": asker(request), "until": usual},
    )
    refusal = None
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        try:
            made = acts.set_hold(
                moderator=asker(request),
                thread=thread,
                comment=comment,
                why=sent["why"],
                effect=sent["effect"] if whole else Hold.Effect.KEEP,
                owner=sent["owner"],
                note=sent["note"],
                expires_at=form.expires_at,
            )
            messages.success(request, _("The legal hold is on."))
            return redirect("legal:hold", made.pk)
        except Refused as fault:
            refusal = fault
    context = {"form": form, "thread": thread, "story": thread.story, "comment": comment, "refusal": refusal}
    return desk_page(request, "legal/hold_new.html", context, tab=TAB, status=_status(form, refusal))


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    """One hold: its owner, end and note, its end before time, and what is sealed under it."""
    rows = holds_for(asker(request)).select_related("owner", "by", "ended_by", "thread__story__section", "comment")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such legal hold."))
    given = request.POST if request.POST.get("act") == "change" else None
    last = clock.in_newsroom(found.expires_at)
    known = {"owner": found.owner, "until": last.date(), "note": found.note}
    form = HoldForm(given, owners=acts.possible_owners(), changing=True, initial=known)
    refusal, opened = None, None
    if request.method == "POST":
        try:
            opened = _act(request, found, form)
            if opened is None:
                return redirect("legal:hold", pk)
        except Refused as fault:
            refusal = fault
            found = rows.get(pk=pk)
    context = {
        "hold": found,
        "is_on": found.is_on(clock.now()),
        "form": form,
        "why_not": acts.why_not_end(asker(request), found),
        "sealed": found.sealed.order_by("pk"),
        "supervises": asker(request).is_supervisor,
        "opened": opened,
        "refusal": refusal,
    }
    return desk_page(request, "legal/hold.html", context, tab=TAB, status=_status(form, refusal))


def _act(request: HttpRequest, hold: Hold, form: HoldForm) -> dict[str, Any] | None:
    """Do what a form of the page asks for; what was sealed, where it asks for that."""
    moderator, sent = asker(request), request.POST
    match sent.get("act"):
        case "change":
            if not form.is_valid():
                raise Unacceptable(_("That form was incomplete. Here is the hold as it is now."))
            facts = form.cleaned_data
            acts.change_hold(
                moderator=moderator, hold=hold, owner=facts["owner"], expires_at=form.expires_at, note=facts["note"]
            )
            messages.success(request, _("The legal hold is changed."))
        case "end":
            acts.end_hold(moderator=moderator, hold=hold, reopen=sent.get("reopen") == "yes")
            messages.success(request, _("The legal hold has ended."))
        case "open":
            sealed = Sealed.objects.filter(hold=hold, pk=row_number(sent.get("sealed"))).first()
            if sealed is None:
                raise NotFound(_("There is nothing sealed under that number."))
            return acts.open_sealed(supervisor=moderator, sealed=sealed, why=sent.get("why", ""))
        case _:
            raise Unacceptable(_("That form was incomplete. Here is the hold as it is now."))
    return None


def _about(request: HttpRequest) -> tuple[Thread | None, Comment | None]:
    """The discussion or comment that the address names."""
    if pk := row_number(request.GET.get("comment")):
        comment = Comment.objects.select_related("thread__story__section").filter(pk=pk).first()
        if comment is None:
            raise NotFound(_("There is no such comment."))
        return comment.thread, comment
    if pk := row_number(request.GET.get("story")):
        story = Story.objects.public(clock.now()).select_related("section", "thread").filter(pk=pk).first()
        if story is None:
            raise NotFound(_("There is no such story."))
        thread: Thread = getattr(story, "thread", None) or Thread(story=story)
        thread.story = story
        return thread, None
    return None, None


def _status(form: HoldForm, refusal: Refused | None) -> int:
    if refusal:
        return refusal.status
    return 422 if form.errors else 200
