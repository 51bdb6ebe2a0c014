"""How many comments the pages of other sites have: for their lists of stories, many addresses in one question."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from broadsheet.core import clock
from broadsheet.discussion.models import Thread
from broadsheet.embed.sites import is_allowed
from broadsheet.stories.addresses import numbers_at
from broadsheet.stories.models import Story

MOST_ADDRESSES = 100
KEPT_FOR = 60  # seconds for which browsers and caches need not ask again


def counts(urls: list[str]) -> dict[str, int]:
    """How many comments readers see at each address; addresses without a public story are left out. Three queries."""
    numbers = numbers_at(urls)
    public = set(Story.objects.public(clock.now()).filter(pk__in=numbers.values()).values_list("pk", flat=True))
    published = dict(Thread.objects.filter(pk__in=public).values_list("pk", "published"))
    return {url: published.get(number, 0) for url, number in numbers.items() if number in public}


@require_safe
def counts_json(request: HttpRequest) -> HttpResponse:
    """{"counts": {address: number}} for the addresses asked for as `url`; scripts of allowed sites may read it."""
    urls = list(dict.fromkeys(request.GET.getlist("url")))
    if len(urls) > MOST_ADDRESSES:
        refused = _("Please ask for at most %(most)s addresses at once.") % {"most": MOST_ADDRESSES}
        return open_to_sites(request, JsonResponse({"refused": refused}, status=400))
    response = JsonResponse({"counts": counts(urls)})
    response["Cache-Control"] = f"public, max-age={KEPT_FOR}"
    return open_to_sites(request, response)


def open_to_sites(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Let scripts of allowed sites read a public answer. It takes no cookie, and none is sent along."""
    origin = request.headers.get("Origin", "")
    if is_allowed(origin):
        response["Access-Control-Allow-Origin"] = origin
    response["Vary"] = "Origin"
    return response
