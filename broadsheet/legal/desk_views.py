"""Legal matters at the desk: what waits, notices, appeals; and for supervisors flaggers, orders and exports."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from broadsheet.core import clock
from broadsheet.core.numbers import row_number
from broadsheet.core.refusals import NotFound, Refused, Stale, Unacceptable
from broadsheet.legal import appeals, desk, notices
from broadsheet.legal import export as exporting
from broadsheet.legal.forms import AppealDecisionForm, ExportForm, FlaggerForm, OrderForm
from broadsheet.legal.models import Appeal, Flagger, Notice, Order
from broadsheet.legal.sanctions import sanction_of
from broadsheet.moderation import changes, queues
from broadsheet.moderation.doors import asker, desk_page, moderators_only, supervisors_only
from broadsheet.moderation.people import scopes

TAB = "legal"
ORDERS_SHOWN = 100


@moderators_only
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """What waits: notices, appeals, holds; and for supervisors orders, trusted flaggers and the export."""
    today = clock.in_newsroom(clock.now()).date()
    form = ExportForm(initial={"start": today - timedelta(days=180), "end": today, "how": "jsonl"})
    context = {"waiting": desk.overview(asker(request)), "danger_contact": settings.DANGER_CONTACT, "form": form}
    return desk_page(request, "legal/desk.html", {**context, "supervises": asker(request).is_supervisor}, tab=TAB)


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice in full; what is about a reader's page is answered here, the others with their comment."""
    rows = scopes.within(Notice.objects.all(), asker(request))
    found = rows.select_related("comment__thread__story", "person", "flagger", "decision").filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such notice."))
    refusal = None
    if request.method == "POST":
        try:
            acted, words = request.POST.get("acted") == "yes", request.POST.get("words", "")
            notices.answer_about_person(moderator=asker(request), notice=found, acted=acted, words=words)
            messages.success(request, _("The notice is answered."))
            return redirect("legal:notice", pk)
        except Refused as fault:
            refusal = fault
    context = {"notice": found, "refusal": refusal, "danger_contact": settings.DANGER_CONTACT}
    return desk_page(request, "legal/desk_notice.html", context, tab=TAB, status=refusal.status if refusal else 200)


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: HttpRequest, pk: int) -> HttpResponse:
    """One appeal with the decision it is about, and the form of whoever may decide it."""
    rows = scopes.within(Appeal.objects.all(), asker(request)).select_related(
        "statement", "notice", "report", "first__moderator", "decided_by", "second"
    )
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such appeal."))
    refusal, form = None, AppealDecisionForm(request.POST or None)
    if request.method == "POST":
        try:
            if not form.is_valid():
                raise Unacceptable(_("That form was incomplete. Please decide again."))
            sent = form.cleaned_data
            appeals.decide_appeal(
                moderator=asker(request),
                appeal=found,
                upheld=sent["upheld"] == "yes",
                answer=sent["answer"],
                reason=sent["reason"],
            )
            messages.success(request, _("The appeal is decided, and whoever made it is told."))
            return redirect("legal:overview")
        except Refused as fault:
            refusal = fault
            found = rows.get(pk=pk)
    context = {
        "appeal": found,
        "form": form,
        "comment": queues.with_context(found.comment_id) if found.comment_id else None,
        "sanction": sanction_of(found.statement) if found.statement else None,
        "why_not": appeals.why_not_decide_appeal(asker(request), found),
        "is_first": appeals.is_first(asker(request), found),
        "refusal": refusal,
    }
    return desk_page(request, "legal/desk_appeal.html", context, tab=TAB, status=refusal.status if refusal else 200)


@supervisors_only
@require_http_methods(["GET", "HEAD", "POST"])
def flaggers(request: HttpRequest) -> HttpResponse:
    """The trusted flaggers, whose notices go first."""
    form = FlaggerForm(request.POST if request.POST.get("act") == "add" else None)
    if request.method == "POST":
        if request.POST.get("act") == "remove":
            _remove_flagger(request)
            return redirect("legal:flaggers")
        if form.is_valid() and _add_flagger(request, form):
            return redirect("legal:flaggers")
    context = {"flaggers": Flagger.objects.order_by("name"), "form": form}
    return desk_page(request, "legal/flaggers.html", context, tab=TAB, status=422 if form.errors else 200)


def _add_flagger(request: HttpRequest, form: FlaggerForm) -> bool:
    name, email = form.cleaned_data["name"], form.cleaned_data["email"].lower()
    try:
        with transaction.atomic():
            Flagger.objects.create(name=name, email=email)
            changes.record(by=asker(request), what="trusted flagger", about=name, after={"email": email})
    except IntegrityError:
        form.add_error(None, _("That name or address is on the list already."))
        return False
    return True


def _remove_flagger(request: HttpRequest) -> None:
    found = Flagger.objects.filter(pk=row_number(request.POST.get("flagger"))).first()
    if found is None:
        raise Stale(_("That trusted flagger is not on the list any more."))
    with transaction.atomic():
        changes.record(by=asker(request), what="trusted flagger", about=found.name, before={"email": found.email})
        found.delete()


@supervisors_only
@require_http_methods(["GET", "HEAD", "POST"])
def orders(request: HttpRequest) -> HttpResponse:
    """Orders by authorities, the latest first, and the form to file one."""
    form = OrderForm(request.POST or None, initial={"received_at": clock.in_newsroom(clock.now())})
    if request.method == "POST" and form.is_valid():
        made = _keep_order(request, form, Order(by=asker(request)))
        return redirect("legal:order", made.pk)
    context = {"orders": Order.objects.order_by("-received_at", "-pk")[:ORDERS_SHOWN], "form": form}
    return desk_page(request, "legal/orders.html", context, tab=TAB, status=422 if form.errors else 200)


@supervisors_only
@require_http_methods(["GET", "HEAD", "POST"])
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """One order: what was done about it."""
    found = Order.objects.select_related("by").filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such order."))
    known = {name: getattr(found, name) for name in ("kind", "authority", "reference", "language", "scope", "given")}
    known |= {"received_at": clock.in_newsroom(found.received_at), "is_answered": found.answered_at is not None}
    form = OrderForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        _keep_order(request, form, found)
        messages.success(request, _("The order is kept."))
        return redirect("legal:order", pk)
    context = {"order": found, "form": form}
    return desk_page(request, "legal/order.html", context, tab=TAB, status=422 if form.errors else 200)


def _keep_order(request: HttpRequest, form: OrderForm, kept: Order) -> Order:
    before = _order_facts(kept) if kept.pk else None
    sent = form.cleaned_data
    with transaction.atomic():
        for name in ("kind", "authority", "reference", "language", "received_at", "scope", "given"):
            setattr(kept, name, sent[name])
        kept.answered_at = (kept.answered_at or clock.now()) if sent["is_answered"] else None
        kept.save()
        after = _order_facts(kept)
        changes.record(by=asker(request), what="order", about=kept.reference, before=before, after=after)
    return kept


def _order_facts(order: Order) -> dict[str, str]:
    answered = order.answered_at.isoformat() if order.answered_at else ""
    return {"kind": order.kind, "authority": order.authority, "answered_at": answered}


@supervisors_only
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The statements of reasons of a period as a file, in the shape of the Commission's database."""
    form = ExportForm(request.GET)
    if not form.is_valid():
        raise Unacceptable(_("Please say from which day to which day."))
    rows = exporting.between(*form.period)
    days = f"{form.cleaned_data['start']}-{form.cleaned_data['end']}"
    if form.cleaned_data["how"] == "csv":
        response = HttpResponse(exporting.table(rows), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="statements-{days}.csv"'
    else:
        response = HttpResponse(b"".join(exporting.lines(rows)), content_type="application/jsonl; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="statements-{days}.jsonl"'
    return response
