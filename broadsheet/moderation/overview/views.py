"""The pages of the overview, the blind sample and the audit log, and the log that readers may see."""

from __future__ import annotations

import hashlib
import json
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from broadsheet.core import clock, sheets
from broadsheet.core.numbers import row_number
from broadsheet.core.refusals import NotFound, Refused, Stale, Unacceptable
from broadsheet.delivery.freshness import Freshness
from broadsheet.delivery.pages import public_page
from broadsheet.delivery.tags import FRONTS, SECTIONS
from broadsheet.moderation.doors import asker, desk_page, moderators_only, supervisors_only
from broadsheet.moderation.models import COMPLAINTS
from broadsheet.moderation.overview import agreement, audit, figures, live, public_log, shown
from broadsheet.moderation.overview.forms import AuditForm, BlindForm
from broadsheet.moderation.overview.models import Sampled
from broadsheet.moderation.people import scopes
from broadsheet.stories.models import Story


@moderators_only
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """How the desk is doing: now, and over the last 7, 30 or 90 days, in the whole paper or a section of theirs."""
    asked = request.GET.get("days", "")
    length = int(asked) if asked in {str(each) for each in figures.PERIODS} else figures.PERIODS[0]
    sections = scopes.own_sections(asker(request))
    section = next((each.pk for each in sections if str(each.pk) == request.GET.get("section")), None)
    context = {
        "now_at": clock.now(),
        "live": live.now(asker(request)),
        "length": length,
        "is_scoped": scopes.sections_of(asker(request)) is not None,
        "lengths": figures.PERIODS,
        "section": section,
        "sections": sections,
        **shown.whole(figures.period(length, section)),
        **shown.people(asker(request), length),
    }
    return desk_page(request, "moderation/overview.html", context, tab="overview")


@moderators_only
@require_safe
def now(request: HttpRequest) -> HttpResponse:
    """The part that is of this moment, for the script that asks every half minute; unchanged, it is told so."""
    body = json.dumps(live.now(asker(request)).facts).encode()
    etag = quote_etag(hashlib.sha256(body).hexdigest()[:32])
    response = HttpResponse(body, content_type="application/json", headers={"ETag": etag})
    return get_conditional_response(request, etag, None, response) or response


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def blind(request: HttpRequest) -> HttpResponse:
    """One comment of the blind sample after the other, with nothing that says what was decided."""
    if request.method != "POST":
        return _blind_page(request, agreement.next_for(asker(request), row_number(request.GET.get("after"))))
    open_to_them = agreement.open_to(asker(request)).filter(pk=row_number(request.POST.get("sampled")))
    found = open_to_them.select_related("comment__parent", "comment__thread__story__section").first()
    if found is None:
        raise Stale(str(agreement.NOT_THEIRS))
    form = BlindForm(request.POST)
    try:
        if not form.is_valid():
            raise Unacceptable(_("Please say whether you would publish or reject it."))
        agreement.judge(moderator=asker(request), sampled=found, **form.cleaned_data)
    except Unacceptable as refusal:
        return _blind_page(request, found, refusal=refusal, status=refusal.status)
    messages.success(request, _("Thank you: your opinion is kept, and changes nothing about the comment."))
    return redirect("moderation:blind")


def _blind_page(
    request: HttpRequest, sampled: Sampled | None, *, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "sampled": sampled,
        "comment": sampled.comment if sampled else None,
        "more": agreement.open_to(asker(request)).count(),
        "reasons": COMPLAINTS,
        "refusal": refusal,
        "typed": request.POST,
    }
    return desk_page(request, "moderation/blind.html", context, tab="blind", status=status)


@supervisors_only
@require_safe
def audit_log(request: HttpRequest) -> HttpResponse:
    """Everything that was done at the desk, the latest first."""
    form = AuditForm(request.GET)
    is_readable = form.is_valid()
    acts, after = audit.page(form.asked, request.GET.get("after", "")) if is_readable else ([], "")
    narrowed = {name: value for name in form.fields if (value := request.GET.get(name))}
    context = {"form": form, "acts": acts, "narrowed": urlencode(narrowed), "next": after}
    return desk_page(request, "moderation/audit.html", context, tab="audit", status=200 if is_readable else 422)


@supervisors_only
@require_safe
def audit_sheet(request: HttpRequest) -> HttpResponse:
    """The same as a sheet."""
    form = AuditForm(request.GET)
    if not form.is_valid():
        raise Unacceptable(_("Please narrow the log by what it knows."))
    response = HttpResponse(sheets.write(audit.sheet(audit.every(form.asked))), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="audit-{figures.today()}.csv"'
    return response


@require_safe
def log_page(request: HttpRequest) -> HttpResponse:
    """What is removed here and why, for everybody, where the newsroom shows it."""
    if not settings.PUBLIC_LOG:
        raise NotFound(_("There is nothing at this address. Please check that it is complete."))
    freshness = Freshness()
    freshness.look(FRONTS, SECTIONS)
    moment = clock.now()
    freshness.until(moment + public_log.EVERY, Story.objects.next_change(moment))
    context: dict[str, Any] = {
        "lines": public_log.latest(moment),
        "weeks": public_log.weeks(),
        "months": public_log.months(),
        "reasons": COMPLAINTS,
    }
    return public_page(request, "moderation/public_log.html", context, freshness)
