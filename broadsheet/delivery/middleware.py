"""Hands finished public answers to the edge."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from broadsheet.delivery.edge import SLOT, Slot
from broadsheet.delivery.keys import PageQuery
from broadsheet.delivery.ready import ReadyPage

KEPT = {200, 410}  # the page, or the notice of a withdrawn story. Not 404: nobody can list what is not there


class KeepReadyPages:
    """Outermost, so that what is kept has every header. Without an edge in front (tests) it changes nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        slot: Slot | None = request.META.get(SLOT)
        if slot is None:
            return self.get_response(request)
        query = PageQuery(request.META.get("QUERY_STRING", ""))
        vars(request)["GET"] = query  # WSGIRequest makes its own when first asked; ours is there before
        response = self.get_response(request)
        if is_for_everyone(response):
            slot.page = ReadyPage(response, vars(response)["freshness"])
            slot.may_keep = response.status_code in KEPT and not query.beyond_key
        return response


def is_for_everyone(response: HttpResponse) -> bool:
    """True for a finished answer that a view marked public and nothing after it made personal.

    A cookie, a Vary on anything but the encoding, or a private Cache-Control means that some code looked at who asks:
    then the mark was wrong, and the answer goes to that one client alone.
    """
    if "freshness" not in vars(response) or response.streaming or response.cookies:
        return False
    varies = {name.strip().lower() for name in response.get("Vary", "").split(",") if name.strip()}
    rules = {rule.strip().lower() for rule in response.get("Cache-Control", "").split(",")}
    return varies <= {"accept-encoding"} and "public" in rules and not rules & {"private", "no-store"}
