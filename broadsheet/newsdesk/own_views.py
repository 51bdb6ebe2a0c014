"""What a reader's comments put right, and whether the paper thanks them by name."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from broadsheet.accounts.models import Reader
from broadsheet.accounts.sessions import remember_reader
from broadsheet.core import clock
from broadsheet.core.refusals import Refused
from broadsheet.newsdesk.actions import choose_thanks
from broadsheet.newsdesk.models import Correction, State, Thanks
from broadsheet.stories.models import Notice, Story

SHOWN = 200


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def my_corrections(request: HttpRequest) -> HttpResponse:
    """The corrections that one's comments led to, the latest first; what the desk has answered besides; the choice."""
    reader = request.user
    assert isinstance(reader, Reader)
    if request.method == "POST":
        if reader.is_guest:
            raise Refused(_("A guest has no account whose name could be thanked."))
        choose_thanks(reader=reader, by_name=request.POST.get("by_name") == "yes")
        messages.success(request, _("Your choice is kept."))
        return redirect("my_corrections")
    chosen = Thanks.objects.filter(reader=reader).first()
    context = {"shown": told_to(reader), "chosen": chosen, "by_name": bool(chosen and chosen.by_name)}
    return remember_reader(request, render(request, "newsdesk/my_corrections.html", context))


def told_to(reader: Reader) -> list[dict[str, Any]]:
    """What this reader may know of the corrections their comments led to: published ones, and answers to them."""
    rows = Correction.objects.filter(comment__author=reader, story__in=Story.objects.public(clock.now()))
    told = rows.filter(state=State.PUBLISHED) | rows.filter(state=State.DECLINED).exclude(told="")
    found = list(told.select_related("story__section", "comment").order_by("-settled_at")[:SHOWN])
    notices = Notice.objects.in_bulk([row.notice for row in found if row.notice])
    return [{"correction": row, "notice": notices.get(row.notice or 0)} for row in found]
