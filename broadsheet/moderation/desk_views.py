"""The queues of the desk: one page for all of them, narrowed as somebody wants; one's own cards; saved views."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from broadsheet.core.language import number
from broadsheet.core.numbers import whole
from broadsheet.core.refusals import NotFound, Refused
from broadsheet.moderation import canned, claims, decided, queues, rules, saved
from broadsheet.moderation.act_views import address_query
from broadsheet.moderation.doors import asker, desk_page, moderators_only
from broadsheet.moderation.models import COMPLAINTS, Queue, View
from broadsheet.moderation.narrowing import STATES, Narrowed, cursor_in, places_in
from broadsheet.moderation.tabs import tabs_for
from broadsheet.stories.models import Section

ABOUT = {
    Queue.REPORTED: gettext_lazy("Readers see these comments and say that something is wrong with them."),
    Queue.PENDING: gettext_lazy("Nobody but their authors sees these comments until they are approved."),
    Queue.UNREVIEWED: gettext_lazy("Readers see these comments, and no editor has read them yet."),
    Queue.APPEALS: gettext_lazy("Somebody objects to a decision; who made it does not decide again."),
    Queue.PICKS: gettext_lazy("These comments cite sources, give figures or are respected by many readers."),
}
EMPTY = {
    Queue.REPORTED: gettext_lazy("No report is waiting."),
    Queue.PENDING: gettext_lazy("No comment is waiting."),
    Queue.UNREVIEWED: gettext_lazy("Everything has been read."),
    Queue.APPEALS: gettext_lazy("No appeal is waiting."),
    Queue.PICKS: gettext_lazy("Nothing is proposed."),
}


@moderators_only
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The queue to begin with: the reported comments, which readers are reading now, before those that wait unseen."""
    waiting = queues.waiting_counts(asker(request))
    nothing_reported = waiting[Queue.REPORTED] == "0" and waiting[Queue.PENDING] != "0"
    return redirect("moderation:pending" if nothing_reported else "moderation:reported")


@moderators_only
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """What waits behind each tab now, for a page that stays open: {"counts": {tab: count}}."""
    return JsonResponse({"counts": {tab.name: tab.count for tab in tabs_for(asker(request)) if tab.count}})


@moderators_only
@require_safe
def queue(request: HttpRequest, name: str) -> HttpResponse:
    """One page of a queue, the most urgent first, narrowed as its address says."""
    which, narrowed = Queue(name), Narrowed.read(request.GET)
    moderator, cursor = asker(request), cursor_in(request.GET.get("after", ""))
    context = {
        "title": which.label,
        "about": ABOUT[which],
        "empty": EMPTY[which],
        "page": queues.page_of(which, moderator, narrowed, cursor),
        "narrowed": narrowed,
        "narrowing": _narrowing(request),
        "count": "" if narrowed.is_everything else queues.count_of(places_in(which, moderator, narrowed)),
        "can_take": True,
    }
    return _page(request, which, context, str(cursor) if cursor else "", tab=_tab(request, which))


@moderators_only
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The cards one holds."""
    context = {
        "title": _("Your cards"),
        "about": _("Colleagues leave these to you until your time with them is over."),
        "empty": _("You hold no card."),
        "page": queues.own_page(asker(request)),
        "can_put_back": True,
    }
    return _page(request, "mine", context, "")


@moderators_only
@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """What somebody wants a second opinion about, one's own questions among it."""
    cursor = cursor_in(request.GET.get("after", ""))
    context = {
        "title": _("Second opinions"),
        "about": _("Somebody has asked colleagues about these comments. Say what you would do, or decide."),
        "empty": _("Nobody asks for a second opinion."),
        "page": queues.asked_page(asker(request), cursor),
    }
    return _page(request, "asked", context, str(cursor) if cursor else "")


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def taking(request: HttpRequest) -> HttpResponse:
    """Take the next cards of a queue, as it is narrowed, for oneself."""
    name = request.POST.get("queue", "")
    if request.method != "POST" or name not in Queue.values:
        return redirect("moderation:home")
    narrowed, moderator = Narrowed.read(request.POST), asker(request)
    try:
        taken = claims.take(moderator=moderator, waiting=places_in(Queue(name), moderator, narrowed))
    except Refused as refusal:
        messages.warning(request, refusal.sentence)
        return redirect(reverse(f"moderation:{name}") + address_query(narrowed.query, ""))
    sentence = ngettext("You hold %(n)s card.", "You hold %(n)s cards.", len(taken)) % {"n": number(len(taken))}
    messages.success(request, sentence)
    return redirect(reverse("moderation:mine") + f"#card-{taken[0]}")


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def putting_back(request: HttpRequest) -> HttpResponse:
    """Give back all cards one holds."""
    if request.method == "POST":
        many = claims.put_back(moderator=asker(request))
        sentence = ngettext("You put %(n)s card back.", "You put %(n)s cards back.", many) % {"n": number(many)}
        messages.success(request, sentence)
    return redirect("moderation:mine")


# --- Saved views ------------------------------------------------------------------------------------------------------


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def views(request: HttpRequest) -> HttpResponse:
    """The saved views one has; and keeping the one whose form is sent."""
    refusal = None
    if request.method == "POST":
        try:
            return _save(request)
        except Refused as fault:
            refusal = fault
    own = [
        {"view": view, "address": address_of(view), "may_delete": _may_delete(request, view)}
        for view in _views(request)
    ]
    context = {"views": own, "refusal": refusal}
    return desk_page(request, "moderation/views.html", context, tab="views", status=refusal.status if refusal else 200)


def _save(request: HttpRequest) -> HttpResponse:
    view = saved.save(
        moderator=asker(request),
        name=request.POST.get("name", ""),
        queue=request.POST.get("queue", ""),
        narrowed=Narrowed.read(request.POST),
        for_everybody=request.POST.get("everybody") == "1",
    )
    messages.success(request, _("The view is saved."))
    return redirect(address_of(view))


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def view_away(request: HttpRequest, pk: int) -> HttpResponse:
    """Do away with a saved view."""
    if request.method == "POST":
        view = View.objects.filter(pk=pk).first()
        if view is None:
            raise NotFound(_("There is no such view."))
        saved.delete(moderator=asker(request), view=view)
        messages.success(request, _("The view is deleted."))
    return redirect("moderation:views")


def _views(request: HttpRequest) -> list[View]:
    return saved.views_for(asker(request))


def _may_delete(request: HttpRequest, view: View) -> bool:
    return view.owner_id is not None or rules.may_supervise(asker(request))


def address_of(view: View) -> str:
    """Where a saved view leads to; its own tab is the one that is open there."""
    query = address_query(Narrowed.read(view.narrowed).query, "")
    return f"{reverse(f'moderation:{view.queue}')}{query}{'&' if query else '?'}view={view.pk}"


def _tab(request: HttpRequest, which: Queue) -> str:
    shown = whole(request.GET.get("view"))
    return str(which) if shown is None else f"view-{shown}"


# --- Decisions --------------------------------------------------------------------------------------------------------


@moderators_only
@require_safe
def decisions(request: HttpRequest) -> HttpResponse:
    """What was decided lately, and by whom; of one moderator, one act, one way or one time, where that is asked for."""
    wanted = decided.Wanted.read(request.GET)
    rows, after = decided.page(wanted, asker(request), request.GET.get("after", ""))
    context = {"decisions": rows, "next": after, "wanted": wanted, **decided.choices()}
    return desk_page(request, "moderation/decisions.html", context, tab="decisions")


def _page(request: HttpRequest, name: str, context: dict[str, Any], cursor: str, *, tab: str = "") -> HttpResponse:
    shared = {
        "queue": str(name),
        "cursor": cursor,
        "canned": canned.texts(),
        "complaints": COMPLAINTS,
        "may_supervise": rules.may_supervise(asker(request)),
    }
    return desk_page(request, "moderation/queue.html", {**shared, **context}, tab=tab or str(name))


def _narrowing(request: HttpRequest) -> dict[str, Any]:
    """What the form that narrows a queue offers."""
    sections = Section.objects.order_by("position", "name")
    if (own := rules.sections_of(asker(request))) is not None:
        sections = sections.filter(pk__in=own)
    return {"sections": sections, "states": STATES.items()}
