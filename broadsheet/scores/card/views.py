"""The model card's page: public, the same for everybody, made anew when the newsroom changes how scores are used."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from broadsheet.core import clock
from broadsheet.delivery.freshness import Freshness
from broadsheet.delivery.pages import public_page
from broadsheet.delivery.tags import FRONTS, SECTIONS
from broadsheet.scores.card import facts
from broadsheet.scores.card.here import here


@require_safe
def card(request: HttpRequest) -> HttpResponse:
    """What the scorer is and is not, what it does here, and how well."""
    freshness = Freshness()
    freshness.look(FRONTS, SECTIONS)
    freshness.until(clock.now() + timedelta(hours=1))  # thresholds are computed anew now and then, and touch nothing
    shown = facts.page(facts.stored(), facts.manifests())
    return public_page(request, "scores/card.html", {**shown, "here": here(shown["model"])}, freshness)
