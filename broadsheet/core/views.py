"""Pages that belong to no app: what to say when a form is too old."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import is_valid_path

from broadsheet.core.framing import FRAMES, in_frame


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is missing or old: say so, and give back what was typed so that nothing is lost."""
    own = f"/{request.path.removeprefix(FRAMES)}" if in_frame(request.path) else ""
    return render(
        request,
        "core/form_expired.html",
        {
            "typed": request.POST.get("body") or request.POST.get("note") or "",
            "back": request.path,
            "own": own if is_valid_path(own) else "",
        },
        status=403,
    )
