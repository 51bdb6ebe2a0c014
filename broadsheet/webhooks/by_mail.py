"""The page behind a link in a mail to a moderator. Opening it does nothing; its button does."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from broadsheet.core.refusals import Refused, Unacceptable
from broadsheet.discussion.models import Status
from broadsheet.moderation.doors import unlisted
from broadsheet.moderation.models import COMPLAINTS
from broadsheet.webhooks import offers
from broadsheet.webhooks.forms import ByMailForm


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, token: str) -> HttpResponse:
    """The comment and one button, for whoever holds the link; or why it is good no more.

    Where staff show a second factor the way leads to the desk, whatever the link was.
    """
    link = offers.read(token)
    if link is None:
        return _page(request, {"why_not": ""}, status=404)
    if settings.STAFF_SECOND_FACTOR:
        return redirect("moderation:comment", link.offer.comment_id)
    if why := offers.why_not_use(link):
        return _page(request, {"why_not": why, "link": link}, status=409)
    context = {
        "link": link,
        "comment": link.offer.comment,
        "story": link.offer.comment.thread.story,
        "flags": link.offer.comment.flags.order_by("-pk")[:10],
        "reports": link.offer.comment.reports.filter(outcome="waiting").order_by("pk")[:10],
        "reasons": COMPLAINTS,
        "keeps": link.offer.seen == Status.PUBLISHED,
        "typed": request.POST,
    }
    if request.method != "POST":
        return _page(request, context)
    form = ByMailForm(request.POST)
    try:
        if not form.is_valid():
            raise Unacceptable(str(next(iter(form.errors.values()))[0]))
        made = offers.use(link=link, **form.cleaned_data)
    except Unacceptable as refusal:
        return _page(request, {**context, "refusal": refusal}, status=refusal.status)
    except Refused as refusal:
        return _page(request, {"why_not": refusal.sentence, "link": link}, status=refusal.status)
    return _page(request, {"done": made, "link": link})


def _page(request: HttpRequest, context: dict[str, object], *, status: int = 200) -> HttpResponse:
    response = unlisted(render(request, "webhooks/by_mail.html", context, status=status))
    response["Referrer-Policy"] = "no-referrer"  # the address is the key
    return response
