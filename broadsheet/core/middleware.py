"""What every answer has in common: refusals told in words, safety headers, no write from another site."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from broadsheet.core.refusals import Refused, TooSoon

Answer = Callable[[HttpRequest], HttpResponse]
View = Callable[..., HttpResponse]


def wants_json(request: HttpRequest) -> bool:
    """True for the calls our elements make; a browser's own form wants a page."""
    return request.headers.get("Accept", "").startswith("application/json")


class AnswerRefusals:
    """Turns Refused and its kin into a page, or into JSON for an element, with the right status."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        if not isinstance(fault, Refused):
            return None
        answer = (
            JsonResponse({"refused": fault.sentence}, status=fault.status)
            if wants_json(request)
            else render(request, "core/refused.html", {"sentence": fault.sentence}, status=fault.status)
        )
        if isinstance(fault, TooSoon):
            answer["Retry-After"] = str(fault.wait)
        answer["Cache-Control"] = "private, no-store"
        return answer


class SafetyHeaders:
    """Answers that no view has called public are nobody's to keep."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
        return response


class RefuseCrossSiteWrites:
    """A write that a browser says another site caused is refused before any view, whatever token it carries.

    Source: Fetch Metadata (W3C); OWASP ASVS 5.0, 3.5.1. Browsers without the header are left to the CSRF token. A view
    that is made for posts from elsewhere says so with `from_elsewhere`.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        unsafe = request.method not in {"GET", "HEAD", "OPTIONS"}
        if not unsafe or getattr(view, "is_from_elsewhere", False):
            return None
        if request.headers.get("Sec-Fetch-Site", "none") not in {"cross-site", "same-site"}:
            return None
        sentence = _("That form was sent from another site. Please use the one at %(address)s.")
        facts = {"sentence": sentence % {"address": settings.SITE_URL}}
        return render(request, "core/refused.html", facts, status=403)


def from_elsewhere(view: View) -> View:
    """Marks a view that takes posts of other sites' pages: it must do nothing by the session or the cookies it gets."""

    @wraps(view)
    def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs)

    marked.is_from_elsewhere = True  # type: ignore[attr-defined]
    exempt: View = csrf_exempt(marked)
    return exempt
