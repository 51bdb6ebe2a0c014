"""One act on many comments: its preview, its start, what came of it, its undoing."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from broadsheet.core import clock
from broadsheet.core.numbers import whole
from broadsheet.core.refusals import NotFound, Unacceptable
from broadsheet.moderation import bulks, canned
from broadsheet.moderation.doors import asker, desk_page, moderators_only
from broadsheet.moderation.models import COMPLAINTS, Bulk, Queue
from broadsheet.moderation.narrowing import Narrowed, in_order, places_in


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request: HttpRequest) -> HttpResponse:
    """Look at what an act on the chosen comments, or on the whole narrowed queue, would do."""
    if request.method != "POST":
        return redirect("moderation:home")
    try:
        made = bulks.prepare(
            moderator=asker(request),
            comments=_whole_view(request) if request.POST.get("all") else _chosen(request),
            after=request.POST.get("after", ""),
            reason=request.POST.get("reason", ""),
            note=request.POST.get("note", ""),
            told=canned.told(request.POST.get("canned", ""), request.POST.get("told", "")),
        )
    except Unacceptable as why:
        return _again(request, str(why))
    return redirect("moderation:bulk", made.pk)


def _again(request: HttpRequest, refusal: str) -> HttpResponse:
    """The form as it was sent, with the comments that were chosen."""
    name = request.POST.get("queue", "")
    context = {
        "refusal": refusal,
        "queue": name if name in Queue.values else "",
        "narrowed": Narrowed.read(request.POST),
        "canned": canned.texts(),
        "complaints": COMPLAINTS,
        "act": request.POST,
        "chosen": _chosen(request),
    }
    return desk_page(request, "moderation/bulk_refused.html", context, status=422)


def _chosen(request: HttpRequest) -> list[int]:
    return [pk for pk in map(whole, request.POST.getlist("comment")) if pk is not None]


def _whole_view(request: HttpRequest) -> list[int]:
    """Everything in a queue as it is narrowed: one more than an act takes, where it is more, so that it says so."""
    name = request.POST.get("queue", "")
    if name not in Queue.values:
        return []
    places = places_in(Queue(name), asker(request), Narrowed.read(request.POST))
    return list(in_order(places).values_list("comment_id", flat=True)[: bulks.MOST + 1])


@moderators_only
@require_safe
def bulk(request: HttpRequest, pk: int) -> HttpResponse:
    """The preview of an act, or what came of it."""
    one, moderator = _bulk(request, pk), asker(request)
    context = {
        "bulk": one,
        "preview": bulks.preview(one),
        "said": bulks.said_of(one),
        "undone": bulks.undone(one) if one.undone_at else 0,
        "is_own": one.moderator_id == moderator.pk,
        "why_not_undo": bulks.why_not_undo(moderator, one, clock.now()) if one.started_at else "",
    }
    return desk_page(request, "moderation/bulk.html", context)


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Do what the preview showed."""
    if request.method == "POST":
        bulks.start(moderator=asker(request), bulk=_bulk(request, pk))
    return redirect("moderation:bulk", pk)


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo all of it."""
    if request.method == "POST":
        bulks.undo(moderator=asker(request), bulk=_bulk(request, pk))
        messages.success(request, _("It is being undone."))
    return redirect("moderation:bulk", pk)


def _bulk(request: HttpRequest, pk: int) -> Bulk:
    """The act of that number: of whoever asks, or of anybody for a supervisor."""
    found = Bulk.objects.select_related("moderator").filter(pk=pk).first()
    moderator = asker(request)
    if found is None or not (found.moderator_id == moderator.pk or moderator.is_supervisor):
        raise NotFound(_("There is no such act."))
    return found
