"""The desk's pages about webhooks, for supervisors, and about one's own mail, for moderators."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from broadsheet.core.numbers import whole
from broadsheet.core.refusals import NotFound, Refused, Unacceptable
from broadsheet.moderation.doors import asker, desk_page, moderators_only, supervisors_only
from broadsheet.webhooks import actions, digests, signing
from broadsheet.webhooks.forms import EndpointForm, MailForm
from broadsheet.webhooks.models import CHOSEN, Delivery, Digest, Endpoint, MailChoice

PAGE = 30  # deliveries


@supervisors_only
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Every endpoint, and how it does."""
    return desk_page(request, "webhooks/list.html", {"endpoints": Endpoint.objects.order_by("name")}, tab="webhooks")


@supervisors_only
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new endpoint; its secret is shown in the answer and never again."""
    if request.method != "POST":
        form = EndpointForm(initial={"is_on": True, "kinds": [kind.value for kind in CHOSEN[:3]]})
        return desk_page(request, "webhooks/edit.html", {"form": form}, tab="webhooks")
    form = EndpointForm(request.POST)
    made, refusal = _saved(request, form, None)
    if made is None:
        status = refusal.status if refusal else 422
        return desk_page(
            request, "webhooks/edit.html", {"form": form, "refusal": refusal}, tab="webhooks", status=status
        )
    return _endpoint_page(request, made, secret=signing.secret_of(made.salt))


@supervisors_only
@require_http_methods(["GET", "HEAD", "POST"])
def endpoint(request: HttpRequest, pk: int) -> HttpResponse:
    """One endpoint: what it is told, the log of what was sent, and what can be done with it."""
    found = Endpoint.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such webhook."))
    if request.method != "POST":
        return _endpoint_page(request, found)
    act = request.POST.get("act", "save")
    if act == "secret":
        renewed = actions.renew_secret(by=asker(request), endpoint=found)
        return _endpoint_page(request, renewed, secret=signing.secret_of(renewed.salt))
    if act == "remove":
        actions.remove_endpoint(by=asker(request), endpoint=found)
        messages.success(request, _("The webhook is gone."))
        return redirect("webhooks:list")
    if act == "test":
        actions.send_test(by=asker(request), endpoint=found)
        messages.success(request, _("A test is on its way; the log shows what came of it."))
        return redirect("webhooks:endpoint", pk)
    form = EndpointForm(request.POST)
    made, refusal = _saved(request, form, found)
    if made is None:
        return _endpoint_page(request, Endpoint.objects.get(pk=pk), form=form, refusal=refusal)
    messages.success(request, _("The webhook is kept as you set it."))
    return redirect("webhooks:endpoint", pk)


@supervisors_only
@require_http_methods(["POST"])
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Send one event once more."""
    found = Delivery.objects.filter(pk=pk).select_related("endpoint").first()
    if found is None:
        raise NotFound(_("There is no such event, or it is forgotten by now."))
    actions.send_again(by=asker(request), delivery=found)
    messages.success(request, _("It is on its way again."))
    return redirect("webhooks:endpoint", found.endpoint_id)


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def mail(request: HttpRequest) -> HttpResponse:
    """What the desk writes to one."""
    chosen = MailChoice.objects.filter(moderator=asker(request)).first() or MailChoice(digest=Digest.NEVER)
    form = MailForm(request.POST or None, initial={"digest": chosen.digest, "each": chosen.each})
    if request.method == "POST" and form.is_valid():
        digests.choose(moderator=asker(request), **form.cleaned_data)
        messages.success(request, _("Your choices are kept."))
        return redirect("webhooks:mail")
    return desk_page(request, "webhooks/mail.html", {"form": form}, tab="mail", status=422 if form.errors else 200)


def _saved(request: HttpRequest, form: EndpointForm, found: Endpoint | None) -> tuple[Endpoint | None, Refused | None]:
    """The endpoint as the form has it, or why not."""
    if not form.is_valid():
        return None, None
    try:
        return actions.save_endpoint(by=asker(request), endpoint=found, **form.cleaned_data), None
    except Unacceptable as refusal:
        return None, refusal


def _endpoint_page(
    request: HttpRequest,
    found: Endpoint,
    *,
    secret: str = "",
    form: EndpointForm | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    rows = found.deliveries.select_related("event").order_by("-pk")
    if (after := whole(request.GET.get("after"))) is not None:
        rows = rows.filter(pk__lt=after)
    some = list(rows[: PAGE + 1])
    values = {
        "name": found.name,
        "address": found.address,
        "kinds": found.events,
        "with_words": found.with_words,
        "is_on": found.is_on,
    }
    context: dict[str, Any] = {
        "endpoint": found,
        "form": form or EndpointForm(initial=values),
        "refusal": refusal,
        "secret": secret,
        "deliveries": some[:PAGE],
        "next": some[PAGE - 1].pk if len(some) > PAGE else 0,
    }
    status = refusal.status if refusal else 422 if form else 200
    return desk_page(request, "webhooks/endpoint.html", context, tab="webhooks", status=status)
