"""The desk's acts on the page that readers see, for those who may decide: an element asks for those of one comment."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from broadsheet.core import clock
from broadsheet.moderation import canned, queues
from broadsheet.moderation.act_views import own_comment
from broadsheet.moderation.doors import asker, moderators_only


@moderators_only
@require_safe
def acts(request: HttpRequest, pk: int) -> HttpResponse:
    """Why a comment is at the desk, if it is, and the forms of everything that can be done with it: {"acts": html}."""
    card = queues.card(own_comment(request, pk), asker(request))
    context = {"card": card, "comment": card.comment, "canned": canned.texts(), "now": clock.now()}
    return JsonResponse({"acts": render_to_string("moderation/_in_place.html", context, request)})
