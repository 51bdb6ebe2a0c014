"""What every answer has in common: refusals told in words, safety headers, no write from another site."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from broadsheet.core.refusals import Refused, TooSoon

Answer = Callable[[HttpRequest], HttpResponse]


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

    Source: Fetch Metadata (W3C); OWASP ASVS 5.0, 3.5.1. Browsers without the header are left to the CSRF token.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        unsafe = request.method not in {"GET", "HEAD", "OPTIONS"}
        if unsafe and request.headers.get("Sec-Fetch-Site", "none") in {"cross-site", "same-site"}:
            return render(
                request,
                "core/refused.html",
                {"sentence": f"That form was sent from another site. Please use the one at {settings.SITE_URL}."},
                status=403,
            )
        return self.get_response(request)
