"""The transparency report: public pages, the same for everybody, counted anew every hour while they are read."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from broadsheet.core import clock
from broadsheet.delivery.freshness import Freshness
from broadsheet.delivery.pages import mark_public, public_page
from broadsheet.delivery.tags import FRONTS, SECTIONS
from broadsheet.legal import figures, periods


@require_safe
def transparency(request: HttpRequest) -> HttpResponse:
    """The half-years there are figures of."""
    now, freshness = clock.now(), _freshness()
    found = [{"period": each, "is_over": each.is_over(now)} for each in periods.periods(now)]
    return public_page(request, "legal/transparency.html", {"periods": found}, freshness)


@require_safe
def period(request: HttpRequest, period: str) -> HttpResponse:
    """The figures of one half-year."""
    freshness = _freshness()
    found = _period(period)
    context = {
        "period": found,
        "tables": figures.report(found.start, found.end),
        "is_over": found.is_over(clock.now()),
    }
    return public_page(request, "legal/transparency_period.html", context, freshness)


@require_safe
def period_sheet(request: HttpRequest, period: str) -> HttpResponse:
    """The same as CSV."""
    freshness = _freshness()
    found = _period(period)
    response = HttpResponse(
        figures.as_sheet(figures.report(found.start, found.end)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="transparency-{found.slug}.csv"'
    return mark_public(response, freshness)


def _freshness() -> Freshness:
    """No decision makes these pages stale: a tag that all of them touch would make moderators wait for each other."""
    if not settings.TRANSPARENCY_PAGE:
        raise Http404
    freshness = Freshness()
    freshness.look(FRONTS, SECTIONS)
    freshness.until(periods.next_hour(clock.now()))
    return freshness


def _period(slug: str) -> periods.Period:
    found = periods.period_called(slug, clock.now())
    if found is None:
        raise Http404
    return found
