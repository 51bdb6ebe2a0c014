"""Words that wait while their writer signs in: kept in the session that the sign-in takes over."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _

from broadsheet.core import clock
from broadsheet.core.addresses import reader_address
from broadsheet.core.cache import count
from broadsheet.core.middleware import wants_json
from broadsheet.discussion.models import LONGEST_COMMENT

DRAFTS_PER_HOUR = 60  # from one address
HOUR = 3600
_KEPT = "draft"


def sign_in_first(request: HttpRequest, typed: str) -> HttpResponse:
    """Send whoever is signed out to sign in and back here. What they had typed already is kept for them (403)."""
    if request.method != "POST":
        return redirect_to_login(request.get_full_path())
    if typed and _may_keep(request):
        # Twice the longest comment: over-long words are refused later, with a sentence, and not cut here.
        words = typed[: 2 * LONGEST_COMMENT].encode("utf-8", "replace").decode()
        request.session[_KEPT] = {"path": request.path, "typed": words}
    sign_in = f"{resolve_url('account_login')}?{urlencode({'next': request.path})}"
    if wants_json(request):
        return JsonResponse({"refused": _("You are signed out. Your words are kept."), "sign_in": sign_in}, status=403)
    return render(request, "discussion/signed_out.html", {"typed": typed, "sign_in": sign_in}, status=403)


def _may_keep(request: HttpRequest) -> bool:
    """Whether one more draft is kept: each is a session's row, and anybody may send one. The page shows it anyway."""
    number, _wait = count("drafts", reader_address(request.META), now=clock.now().timestamp(), seconds=HOUR)
    return number <= DRAFTS_PER_HOUR


def found(request: HttpRequest) -> str:
    """What this person had typed on this very form before they signed in; empty when nothing."""
    kept = request.session.get(_KEPT) or {}
    return str(kept.get("typed", "")) if kept.get("path") == request.path else ""


def forget(request: HttpRequest) -> None:
    """The words have arrived."""
    if found(request):
        del request.session[_KEPT]
