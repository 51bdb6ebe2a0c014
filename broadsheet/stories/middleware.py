"""The door of the desk and its Content-Security-Policy (what Wagtail needs and no more); the way from old addresses."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.datastructures import MultiValueDictKeyError
from django.utils.translation import gettext as _

from broadsheet.core.middleware import wants_json
from broadsheet.stories.addresses import story_at

DESK = "/desk/"
BULK = f"{DESK}bulk/"
_ROW = re.compile(r"[0-9]{1,18}|all", re.ASCII)
HEADER = "Content-Security-Policy"
# Scripts are files of ours, as everywhere. Styles: Wagtail's editor writes them into the page. blob: and data: are
# pictures being uploaded. The desk frames its own previews, and nobody frames the desk.
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "frame-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "object-src": "'none'",
    "frame-ancestors": "'none'",
}


class FormerAddresses:
    """Who comes by an address that a public story had before it came here is led to its page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 404 or request.method not in ("GET", "HEAD"):
            return response
        story = story_at(request.build_absolute_uri())
        if story is None or not story.is_public() or request.path == story.get_absolute_url():
            return response
        return redirect(story.get_absolute_url(), permanent=True)


class DeskPolicy:
    """Answers under /desk/ carry the desk's policy; a preview keeps the public page's, but we may frame it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        """Turn away who is signed in and has no business here; Wagtail would send them to sign in, for ever."""
        if not request.path.startswith(DESK):
            return None
        if not request.user.is_authenticated:
            return self._signed_out() if wants_json(request) else None
        if request.user.has_perm("wagtailadmin.access_admin"):
            if request.path.startswith(BULK) and not all(map(_ROW.fullmatch, request.GET.getlist("id"))):
                return self._unreadable(request)
            return None
        sentence = _("The desk is for the newsroom's staff. An administrator can add you to a group.")
        return render(request, "core/refused.html", {"sentence": sentence}, status=403)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """A form without a part that its page always has, or with a number too large to be one: 400."""
        unreadable = isinstance(fault, (MultiValueDictKeyError, OverflowError))
        return self._unreadable(request) if unreadable and request.path.startswith(DESK) else None

    def _signed_out(self) -> HttpResponse:
        """What the editor's own saving is told, which would take a page to sign in on for a fault of the server.

        "locked" is one of the codes whose sentence Wagtail shows beside the button.
        """
        sentence = _(
            "You are signed out. Sign in again in another tab: what you wrote stays here and can be saved then."
        )
        told = {"success": False, "error_code": "locked", "error_message": sentence}
        return JsonResponse(told, status=401)

    def _unreadable(self, request: HttpRequest) -> HttpResponse:
        sentence = _("That form was incomplete, so nothing was done. Please open it again.")
        return render(request, "core/refused.html", {"sentence": sentence}, status=400)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(DESK):
            if public := response.headers.get(HEADER):
                response[HEADER] = public.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
            else:
                response[HEADER] = "; ".join(f"{name} {sources}" for name, sources in POLICY.items())
            response["X-Frame-Options"] = response.headers.get("X-Frame-Options", settings.X_FRAME_OPTIONS)
        return response
