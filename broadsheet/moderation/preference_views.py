"""How a moderator likes the desk: their keys, and calm mode."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from broadsheet.core.middleware import wants_json
from broadsheet.core.refusals import Refused
from broadsheet.moderation import keys
from broadsheet.moderation.doors import asker, desk_page, moderators_only


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Which key does what, whether single keys do anything, and calm mode."""
    moderator, refusal = asker(request), None
    written = {act: request.POST.get(f"key-{act}", usual) for act, (usual, _label) in keys.KEYS.items()}
    if request.method == "POST":
        usual = "usual" in request.POST
        try:
            keys.choose(
                moderator=moderator,
                keys={} if usual else written,
                keys_on=usual or "keys_on" in request.POST,
                calm="calm" in request.POST,
            )
        except Refused as fault:
            refusal = fault
        else:
            messages.success(request, _("Your desk is as you like it now."))
            return redirect("moderation:preferences")
    preference = keys.preference_of(moderator)
    shown = written if refusal else keys.keys_of(preference)
    rows = [(act, shown[act], label) for act, (_usual, label) in keys.KEYS.items()]
    context = {"rows": rows, "preference": preference, "refusal": refusal}
    status = refusal.status if refusal else 200
    return desk_page(request, "moderation/preferences.html", context, tab="preferences", status=status)


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def calm(request: HttpRequest) -> HttpResponse:
    """Calm mode on or off, from the switch on every page of the desk."""
    if request.method != "POST":  # back from signing in
        return redirect("moderation:home")
    preference = keys.be_calm(moderator=asker(request), calm=request.POST.get("calm") == "yes")
    if wants_json(request):
        return JsonResponse({"calm": preference.calm})
    return redirect("moderation:home")
