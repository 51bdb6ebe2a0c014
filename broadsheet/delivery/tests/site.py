"""A small site of public and personal pages, for the tests of the edge."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import datetime

from django.http import HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from broadsheet.delivery.freshness import Freshness
from broadsheet.delivery.pages import mark_public

made = Counter()  # how often each address was rendered
ends: dict[str, datetime] = {}  # until when a page of the test holds
during: dict[str, object] = {}  # what a test lets happen in the middle of a rendering
words = {"now": "first words"}


def _public(name, body, *tags, status=200):
    made[name] += 1
    freshness = Freshness()
    freshness.look(*tags)
    freshness.until(ends.get(name))
    body = body()
    if name in during:
        during[name]()
    return mark_public(HttpResponse(body, status=status), freshness)


def page(request):
    number, order = request.GET.get("page", "1"), request.GET.get("order", "oldest")
    return _public("page", lambda: f"{words['now']}, page {number}, {order}" + " and more" * 50, "story:1", "fronts")


def search(request):
    return _public("search", lambda: f"found for {request.GET.get('q', '')}" + " and more" * 50, "fronts")


def bound(request):
    return _public("bound", lambda: f"names: {sorted(request.GET)}", "fronts")


def withdrawn(request):
    return _public("withdrawn", lambda: "a notice", "story:1", status=410)


def absent(request):
    return _public("absent", lambda: "not here", "story:1", status=404)


def with_cookie(request):
    answer = _public("cookie", lambda: "hello", "story:1")
    answer.set_cookie("a", "b")
    return answer


def varies(request):
    answer = _public("varies", lambda: "hello", "story:1")
    answer["Vary"] = "Cookie"
    return answer


def made_private(request):
    answer = _public("private", lambda: "hello", "story:1")
    answer["Cache-Control"] = "private, no-store"
    return answer


def personal(request):
    made["personal"] += 1
    if "personal" in during:
        during["personal"]()
    return HttpResponse("yours alone")


@csrf_exempt
def post_here(request):
    made["post"] += 1
    return HttpResponse(request.method)


def broken(request):
    raise RuntimeError("a fault in a view")


class Gate:
    """Holds renderings until the test opens it; counts who is inside."""

    def __init__(self):
        self.entered, self.opened = threading.Semaphore(0), threading.Event()

    def __call__(self):
        self.entered.release()
        assert self.opened.wait(10)


urlpatterns = [
    path("page/", page),
    path("search/", search),
    path("bound/", bound),
    path("withdrawn/", withdrawn),
    path("absent/", absent),
    path("cookie/", with_cookie),
    path("varies/", varies),
    path("private/", made_private),
    path("personal/", personal),
    path("post/", post_here),
    path("broken/", broken),
]
