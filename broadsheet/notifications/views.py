"""One's own notifications: the list, opening one, taking them as read, and what is sent by e-mail."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from broadsheet.accounts.models import Reader
from broadsheet.core.numbers import whole
from broadsheet.core.refusals import Refused
from broadsheet.notifications import actions, push, rules, tokens
from broadsheet.notifications.forms import PreferencesForm
from broadsheet.notifications.items import items, still_standing
from broadsheet.notifications.models import How, Kind
from broadsheet.notifications.sight import standing

AT_A_TIME = 20  # to a page


@require_safe
@login_required
def listing(request: HttpRequest) -> HttpResponse:
    """The latest first; earlier ones from a number on."""
    reader = _reader(request)
    rows = standing(reader).order_by("-pk").select_related("thread__story", "comment", "person")
    before = whole(request.GET.get("before"))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    some = list(rows[: AT_A_TIME + 1])
    shown = items(reader, some[:AT_A_TIME])
    context = {
        "shown": shown,
        "earlier": some[AT_A_TIME - 1].pk if len(some) > AT_A_TIME else None,
        "paged": before is not None,
        "unread": standing(reader).filter(seen_at=None).exists(),
    }
    return render(request, "notifications/list.html", context)


@require_safe
@login_required
def open_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Go where a notification leads, and take it as read. One of somebody else's is a wrong address."""
    reader = _reader(request)
    found = still_standing(reader, [pk])
    if not found:
        raise Http404
    if request.method == "GET":
        actions.see(reader=reader, pk=pk)
    return HttpResponseRedirect(found[0].told.address)


@require_POST
@login_required
def seen_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one as read and stay with the list."""
    reader = _reader(request)
    if not reader.notifications.filter(pk=pk).exists():
        raise Http404
    actions.see(reader=reader, pk=pk)
    return redirect("notifications")


@require_POST
@login_required
def seen_all(request: HttpRequest) -> HttpResponse:
    """Take all as read."""
    actions.see(reader=_reader(request))
    return redirect("notifications")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def preferences(request: HttpRequest) -> HttpResponse:
    """What is sent by e-mail, and when."""
    reader = _reader(request)
    form = PreferencesForm(request.POST or None, chosen=rules.preferences(reader))
    if request.method == "POST" and form.is_valid():
        actions.choose(reader=reader, choices=form.choices)
        messages.success(request, _("Your choices are kept."))
        return redirect("notifications_settings")
    context = {"form": form, "hows": How, "may_mail": rules.may_mail(reader), **push.on_page(reader)}
    return render(request, "notifications/settings.html", context)


@csrf_exempt  # the token is the proof; mail programs press the button without a cookie (RFC 8058)
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop e-mail. Opening the link asks first: programs that look at links in mails must stop nothing."""
    found = tokens.read(token)
    if found is None:
        return render(request, "notifications/stop_old.html", status=404)
    reader, kind = found
    if request.method == "POST":
        actions.stop(reader=reader, kind=kind)
    context: dict[str, Any] = {"kind": kind, "kinds": list(Kind), "stopped": request.method == "POST"}
    if kind:
        context["all_url"] = tokens.stop_address(reader, None)
    return render(request, "notifications/stop.html", context)


def _reader(request: HttpRequest) -> Reader:
    if not isinstance(request.user, Reader):
        raise Refused(_("Please sign in first."))
    return request.user
