"""The page on which supervisors keep the texts that moderators send often."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from broadsheet.core.numbers import row_number
from broadsheet.core.refusals import NotFound, Refused
from broadsheet.moderation import canned
from broadsheet.moderation.doors import asker, desk_page, supervisors_only
from broadsheet.moderation.models import COMPLAINTS, LONGEST_NOTE, Canned


@supervisors_only
@require_http_methods(["GET", "HEAD", "POST"])
def texts(request: HttpRequest) -> HttpResponse:
    """All texts, each in its form, and an empty form for another."""
    refusal = None
    if request.method == "POST":
        try:
            messages.success(request, _act(request))
            return redirect("moderation:canned")
        except Refused as fault:
            refusal = fault
    context = {
        "texts": canned.texts(),
        "reasons": COMPLAINTS,
        "most": LONGEST_NOTE,
        "refusal": refusal,
        "typed": request.POST if refusal else {},
    }
    return desk_page(
        request, "moderation/canned.html", context, tab="canned", status=refusal.status if refusal else 200
    )


def _act(request: HttpRequest) -> str:
    """Keep or delete what the form says; in a sentence what was done."""
    sent, by = request.POST, asker(request)
    one = _canned(sent["text_number"]) if sent.get("text_number") else None
    if sent.get("act") == "delete" and one:
        canned.delete(by=by, canned=one)
        return _("The text is deleted.")
    canned.keep(by=by, canned=one, name=sent.get("name", ""), reason=sent.get("reason", ""), text=sent.get("text", ""))
    return _("The text is saved.")


def _canned(written: str) -> Canned:
    found = Canned.objects.filter(pk=row_number(written)).first()
    if found is None:
        raise NotFound(_("There is no such text."))
    return found
