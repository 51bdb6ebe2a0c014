"""The scorer's page at the moderators' desk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from broadsheet.core import clock
from broadsheet.core.refusals import Refused
from broadsheet.moderation.doors import asker, desk_page, moderators_only
from broadsheet.scores import actions, nudges, precision
from broadsheet.scores.forms import TryForm, UseForm
from broadsheet.scores.health import days, health
from broadsheet.scores.models import Kind, Use
from broadsheet.scores.previews import Preview, preview
from broadsheet.scores.thresholds import LEAST, Limited, Limits


@dataclass(frozen=True)
class Row:
    """One threshold in force, and what it would have held lately."""

    kind: Kind
    language: str
    limits: Limits
    comments: int  # approved ones that it was, or could not yet be, read from
    would: Preview | None


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def scorer(request: HttpRequest) -> HttpResponse:
    """How the scorer does and how it is used; supervisors change that here."""
    if request.method != "POST":
        return _page(request)
    try:
        if (form := _act(request)) is None:
            return redirect("scores:scorer")
        return _page(request, form=form, status=422)
    except Refused as refusal:
        return _page(request, refusal=refusal, status=refusal.status)


def _act(request: HttpRequest) -> UseForm | None:
    """Do what a form of the page asks for; the form where it has to be shown again."""
    by = asker(request)
    if request.POST.get("act") == "compute":
        actions.compute_thresholds(by=by)
        messages.success(request, _("The thresholds are read from the comments that are approved by now."))
        return None
    form = UseForm(request.POST)
    if not form.is_valid():
        return form
    actions.change_use(by=by, **form.facts)
    messages.success(request, _("Scores are used as you said."))
    return None


def _page(
    request: HttpRequest, *, form: UseForm | None = None, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    use, how = Use.now(), health()
    limited = Limited(how.model, use)
    is_tried = "kind" in request.GET
    tried = TryForm(request.GET if is_tried else None, auto_id="try_%s")
    context: dict[str, Any] = {
        "health": how,
        "days": days(),
        "use": use,
        "form": form or UseForm.showing(use),
        "may_set": actions.why_not_change_use(asker(request)) is None,
        "rows": _rows(limited, how.model),
        "least": LEAST,
        "tried": tried,
        "would": _would(tried, limited, how.model) if is_tried and tried.is_valid() else None,
        "precision": precision.precision({kind.value: str(kind.label) for kind in Kind}),
        "nudged": nudges.summary(clock.now() - nudges.LATELY),
        "refusal": refusal,
    }
    return desk_page(request, "scores/scorer.html", context, tab="scorer", status=status)


def _rows(limited: Limited, model: str) -> list[Row]:
    """For each kind the threshold for all comments, then those of single languages."""
    rows = []
    for kind in Kind:
        for language in limited.languages_of(kind):
            limits = limited.of(kind, language)
            would = None if language else preview(kind, model, limits.hold)
            rows.append(Row(kind, language, limits, limited.comments_of(kind, language), would))
    return rows


def _would(tried: TryForm, limited: Limited, model: str) -> Preview | None:
    """What another threshold would have held; None where there is none such yet."""
    kind, rate = Kind(tried.cleaned_data["kind"]), tried.cleaned_data["false_alarms"]
    threshold = tried.cleaned_data["threshold"]
    scale = limited.of(kind).scale
    if threshold is None and scale and rate is not None:
        threshold = scale.at(round(rate * 10))
    return None if threshold is None else preview(kind, model, threshold)
