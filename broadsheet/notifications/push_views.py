"""What browsers ask for when they are woken, and how they ask to be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from broadsheet.accounts.models import Reader
from broadsheet.core.middleware import wants_json
from broadsheet.notifications import push
from broadsheet.notifications.items import items
from broadsheet.notifications.sight import standing

_OURS = "push"  # in the session: the number of its browser's subscription
WORKER = Path(__file__).parent / "static/notifications/push.js"


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The script that a browser keeps and wakes. Here and not under /static/, as its reach is the folder it lies in."""
    answer = HttpResponse(WORKER.read_bytes(), content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-store"  # browsers look for a newer one by themselves
    return answer


@require_safe
def latest(request: HttpRequest) -> HttpResponse:
    """The newest that the reader has not seen, for a notice of the browser's; to somebody signed out only that."""
    reader = request.user
    if not isinstance(reader, Reader):
        return JsonResponse({"reader": None})
    rows = standing(reader).filter(seen_at=None, is_urgent=True).order_by("-pk")
    found = items(reader, rows.select_related("thread__story", "comment", "person")[:1])
    told = {"title": settings.SITE_NAME, "body": _("There is nothing new."), "address": reverse("notifications")}
    if found:
        told |= {"body": found[0].words, "address": reverse("notification", args=[found[0].pk])}
    return JsonResponse({"reader": reader.pk, **told})


@require_POST
@login_required
def browser(request: HttpRequest) -> HttpResponse:
    """Wake this browser, or no longer; without an address none of the reader's is woken any more."""
    reader = request.user
    if isinstance(reader, Reader):
        endpoint = request.POST.get("endpoint", "")
        if request.POST.get("stop"):
            push.unsubscribe(reader=reader, endpoint=endpoint or None)
        else:
            request.session[_OURS] = push.subscribe(reader=reader, endpoint=endpoint).pk
    return JsonResponse({"kept": True}) if wants_json(request) else redirect("notifications_settings")


def signed_out(*, request: HttpRequest, user: Reader | None, **facts: Any) -> None:
    """Whoever signs out at a browser is told nothing there any more."""
    ours = request.session.get(_OURS)
    if user and ours:
        user.push_subscriptions.filter(pk=ours).delete()
