"""The desk's pages about other scorers, for supervisors."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from broadsheet.core.refusals import NotFound, Refused, Unacceptable
from broadsheet.moderation.doors import asker, desk_page, supervisors_only
from broadsheet.scores.backends import actions, calling
from broadsheet.scores.backends.chat import ChatScorer
from broadsheet.scores.backends.forms import BackendForm, TryForm
from broadsheet.scores.backends.models import Backend
from broadsheet.scores.backends.parts import Line, lines
from broadsheet.scores.backends.reading import SILENT
from broadsheet.scores.backends.webhook import WebhookScorer
from broadsheet.scores.backends.working import scorer_of
from broadsheet.scores.storing import facts_of
from broadsheet.scoring.answers import Story

SHOWN = 20  # calls
# Nobody has written it: it shows what is sent of a comment, its addresses made unreadable.
EXAMPLE = "My brother paid 40 euros there, see https://example.org/prices. Write to me: ann@example.org"
EXAMPLE_STORY = Story(headline="Bridge stays closed until spring", opening="The council said on Tuesday that …")


@dataclass(frozen=True)
class Tried:
    """What came of a text that was typed in."""

    lines: list[Line]
    milliseconds: int
    fault: str


@supervisors_only
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Every other scorer, and how it does."""
    found = [(each, calling.health(each)) for each in Backend.objects.all()]
    return desk_page(request, "scores/others.html", {"found": found}, tab="scorer")


@supervisors_only
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Set one up; its secret is shown in the answer and never again."""
    form = BackendForm(request.POST) if request.method == "POST" else BackendForm.showing(None)
    made, refusal = _saved(request, form, None) if form.is_bound else (None, None)
    if made:
        return _page(request, made, secret=calling.secret_of(made))
    status = refusal.status if refusal else 422 if form.is_bound else 200
    return desk_page(request, "scores/other_new.html", {"form": form, "refusal": refusal}, tab="scorer", status=status)


@supervisors_only
@require_http_methods(["GET", "HEAD", "POST"])
def other(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them: what is sent, how the last calls went, how it is set, and a try."""
    found = Backend.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such scorer."))
    act = request.POST.get("act", "save") if request.method == "POST" else ""
    if act == "try":
        return _try(request, found)
    if act == "secret":
        return _page(request, found, secret=calling.secret_of(actions.renew_secret(by=asker(request), backend=found)))
    if act == "remove":
        actions.remove_backend(by=asker(request), backend=found)
        messages.success(request, _("The scorer is gone, with what it had said."))
        return redirect("scores:others")
    if not act:
        return _page(request, found)
    form = BackendForm(request.POST)
    made, refusal = _saved(request, form, found)
    if made is None:
        return _page(request, Backend.objects.get(pk=pk), form=form, refusal=refusal)
    messages.success(request, _("The scorer is kept as you set it."))
    return redirect("scores:other", pk)


def _saved(request: HttpRequest, form: BackendForm, found: Backend | None) -> tuple[Backend | None, Refused | None]:
    """The back-end as the form has it, or why not."""
    if not form.is_valid():
        return None, None
    try:
        return actions.save_backend(by=asker(request), backend=found, **form.facts), None
    except (Refused, Unacceptable) as refusal:
        return None, refusal


def _try(request: HttpRequest, found: Backend) -> HttpResponse:
    form = TryForm(request.POST)
    if not form.is_valid():
        return _page(request, found, trying=form)
    text = form.cleaned_data["text"]
    scorer = scorer_of(found)
    scores = scorer.score([text], [EXAMPLE_STORY])[0]
    calling.keep(found, scorer.calls)
    told = [] if scores.inappropriate == SILENT else lines(facts_of(scores), text)
    tried = Tried(told, scorer.calls[0].milliseconds, scorer.calls[0].fault)
    return _page(request, found, trying=form, tried=tried, status=200)


def example(backend: Backend) -> str:
    """What would be sent of a comment, word by word."""
    scorer = scorer_of(backend)
    said: Any = {}
    if isinstance(scorer, ChatScorer):
        said = scorer.request(EXAMPLE, EXAMPLE_STORY)
    elif isinstance(scorer, WebhookScorer):
        said = scorer.request([EXAMPLE], [EXAMPLE_STORY])
    return json.dumps(said, indent=1, ensure_ascii=False)


def _page(
    request: HttpRequest,
    found: Backend,
    *,
    secret: str = "",
    form: BackendForm | None = None,
    trying: TryForm | None = None,
    tried: Tried | None = None,
    refusal: Refused | None = None,
    status: int | None = None,
) -> HttpResponse:
    context = {
        "backend": found,
        "health": calling.health(found),
        "calls": found.calls.order_by("-pk")[:SHOWN],
        "example": example(found),
        "secret": secret,
        "form": form or BackendForm.showing(found),
        "trying": trying or TryForm(),
        "tried": tried,
        "refusal": refusal,
    }
    if status is None:
        status = refusal.status if refusal else 422 if form or trying else 200
    return desk_page(request, "scores/other.html", context, tab="scorer", status=status)
