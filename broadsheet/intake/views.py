"""The pages of rules and lists at the moderators' desk."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from broadsheet.core.refusals import NotFound, Refused, Unacceptable
from broadsheet.discussion.models import Status
from broadsheet.intake import actions, external, figures, kinds, runs, trying
from broadsheet.intake.forms import ListingForm, PeriodForm, RuleForm, SwitchForm, TryForm
from broadsheet.intake.kinds import KINDS, Kind
from broadsheet.intake.listings import SHOWN
from broadsheet.intake.models import Listing, Rule, Run, State
from broadsheet.moderation.doors import asker, desk_page, moderators_only, supervisors_only

RUNS_SHOWN = 10


# --- Rules ------------------------------------------------------------------------------------------------------------


@moderators_only
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """All rules in their order, with what each found lately; the built-in checks beside them."""
    return _page(
        request, "intake/rules.html", {"rules": figures.rules_with_figures(), "lists": Listing.objects.exists()}
    )


@supervisors_only
@require_http_methods(["GET", "HEAD", "POST"])
def new_rule(request: HttpRequest) -> HttpResponse:
    """Choose a kind, then say what the rule is; it is off until somebody turns it on."""
    key = request.POST.get("kind") or request.GET.get("kind", "")
    kind = next((each for each in kinds.offered() if each.key == key), None)
    if kind is None:
        return _page(request, "intake/new_rule.html", {"kinds": kinds.offered()})
    form, params = RuleForm(kind, request.POST or None), kind.form(request.POST or None)
    if request.method != "POST":
        form.initial["name"] = kind.label
    elif (made := _saved(request, None, kind, form, params)) is not None:
        messages.success(request, _("The rule is made. It is off: try it first, then put it on trial or turn it on."))
        return redirect("intake:rule", made.pk)
    context = {"kind": kind, "form": form, "params": params}
    return _page(request, "intake/new_rule.html", context, status=422 if request.method == "POST" else 200)


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: HttpRequest, pk: int) -> HttpResponse:
    """One rule: what it is, where it speaks, what it found, and what it would have found."""
    about = _rule(pk)
    kind = KINDS[about.kind]
    forms_shown: dict[str, Any] = {
        "form": RuleForm.showing(kind, about),
        "params": kind.form(initial=about.params),
        "switch": SwitchForm(auto_id="switch_%s"),
        "period": PeriodForm.of_a_month(),
    }
    refusal = None
    if request.method == "POST":
        try:
            done = _act(request, about, kind, forms_shown)
        except Refused as fault:
            refusal, done = fault, None
        if done is not None:
            return done
        about = _rule(pk)
    context = {
        **forms_shown,
        "rule": about,
        "kind": kind,
        "figures": figures.of_rule(about),
        "examples": figures.examples_of(about, asker(request)),
        "switches": about.switches.select_related("section", "story").order_by("pk"),
        "runs": [(each, runs.state_of(each)) for each in about.runs.order_by("-pk")[:RUNS_SHOWN]],
        "health": external.health(about.pk) if about.kind == "outside" else None,
        "refusal": refusal,
        "states": State.choices,
    }
    status = refusal.status if refusal else 422 if request.method == "POST" else 200
    return _page(request, "intake/rule.html", context, status=status)


def _act(request: HttpRequest, about: Rule, kind: Kind, shown: dict[str, Any]) -> HttpResponse | None:
    """Do what a form of the rule's page asks for; None where that form has to be shown again."""
    supervisor, sent = asker(request), request.POST
    match sent.get("act"):
        case "save":
            shown["form"], shown["params"] = RuleForm(kind, sent), kind.form(sent)
            if _saved(request, about, kind, shown["form"], shown["params"]) is None:
                return None
            messages.success(request, _("The rule is changed."))
        case "state":
            actions.set_state(by=supervisor, rule=about, state=sent.get("state", ""))
            messages.success(request, _("The rule is changed."))
        case "up" | "down" as way:
            actions.move_rule(by=supervisor, rule=about, up=way == "up")
            return redirect("intake:rules")
        case "switch":
            shown["switch"] = form = SwitchForm(sent, auto_id="switch_%s")
            if not form.is_valid():
                return None
            place = {name: form.cleaned_data[name] for name in ("section", "story")}
            actions.set_switch(by=supervisor, rule=about, is_on=form.turned, **place)
            messages.success(request, _("The rule is changed."))
        case "look":
            shown["period"] = period = PeriodForm(sent, auto_id="period_%s")
            if not period.is_valid():
                return None
            made = actions.start_run(by=supervisor, rule=about, since=period.since_moment, until=period.until_moment)
            return redirect("intake:run", made.pk)
        case "remove":
            actions.remove_rule(by=supervisor, rule=about)
            messages.success(request, _("The rule is deleted. What it found stays on the comments."))
            return redirect("intake:rules")
        case _:
            raise Unacceptable(_("That form was incomplete. Here is the rule as it is now."))
    return redirect("intake:rule", about.pk)


def _saved(request: HttpRequest, about: Rule | None, kind: Kind, form: RuleForm, params: forms.Form) -> Rule | None:
    """The rule as both forms say; None where one of them has to be shown again, with what is wrong."""
    if not (form.is_valid() & params.is_valid()):
        return None
    try:
        return actions.save_rule(
            by=asker(request), rule=about, kind=kind.key, params=_as_sent(params), **form.cleaned_data
        )
    except Unacceptable as refusal:
        form.add_error(None, refusal.sentence)
        return None


def _as_sent(params: forms.Form) -> dict[str, Any]:
    """The settings in the shape in which the kind's form takes them."""
    data = params.data
    return {
        name: data.getlist(name) if hasattr(data, "getlist") and name in LISTS else data.get(name)
        for name in params.fields
    }


LISTS = {"listings", "allowed", "denied"}


# --- In hindsight -----------------------------------------------------------------------------------------------------


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """What a rule would have found in a period, what became of it, and holding what readers can still see."""
    about = Run.objects.select_related("rule").filter(pk=pk).first()
    if about is None:
        raise NotFound(_("There is no such dry run, or it has been forgotten."))
    refusal = None
    if request.method == "POST":
        try:
            actions.hold_found(by=asker(request), run=about)
            messages.success(request, _("What it found is being held."))
            return redirect("intake:run", pk)
        except Refused as fault:
            refusal = fault
    context = {
        "run": about,
        "rule": about.rule,
        "kind": KINDS[about.rule.kind],
        "state": runs.state_of(about),
        "result": runs.result_of(about),
        "to_hold": runs.to_hold(about),
        "why_not": runs.why_not_hold(about),
        "stood": runs.examples_of(about, asker(request), Status.PUBLISHED),
        "fell": runs.examples_of(about, asker(request), Status.REJECTED),
        "refusal": refusal,
    }
    response = _page(request, "intake/run.html", context, status=refusal.status if refusal else 200)
    if context["state"] in {Run.State.WAITING, Run.State.LOOKING, Run.State.HOLDING}:
        response["Refresh"] = "5"
    return response


# --- Lists ------------------------------------------------------------------------------------------------------------


@moderators_only
@require_safe
def listings(request: HttpRequest) -> HttpResponse:
    """All lists, their size, and the rules that look in them."""
    rows = Listing.objects.defer("lines").prefetch_related("rules").order_by("name")
    return _page(request, "intake/listings.html", {"listings": rows})


@supervisors_only
@require_http_methods(["GET", "HEAD", "POST"])
def new_listing(request: HttpRequest) -> HttpResponse:
    """Make a list."""
    form = ListingForm(request.POST or None, request.FILES or None)
    return _listing_page(request, None, form)


@supervisors_only
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a list's lines, or delete it."""
    about = Listing.objects.filter(pk=pk).first()
    if about is None:
        raise NotFound(_("There is no such list."))
    if request.method != "POST":
        return _listing_page(request, about, ListingForm.showing(about))
    if request.POST.get("act") == "remove":
        actions.remove_listing(by=asker(request), listing=about)
        messages.success(request, _("The list is deleted."))
        return redirect("intake:listings")
    sent = request.POST.copy()
    sent["kind"] = about.kind
    return _listing_page(request, about, ListingForm(sent, request.FILES))


def _listing_page(request: HttpRequest, about: Listing | None, form: ListingForm) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        facts = {name: form.cleaned_data[name] for name in ("kind", "name", "language", "note")}
        try:
            saved = actions.save_listing(by=asker(request), listing=about, read=form.read, **facts)
        except Unacceptable as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("The list is saved. It has %(n)s entries.") % {"n": saved.size})
            return redirect("intake:listing", saved.pk)
    context = {
        "listing": about,
        "form": form,
        "faults": form.read.faults[:SHOWN],
        "used_by": about.rules.all() if about else [],
    }
    return _page(request, "intake/listing.html", context, status=422 if form.is_bound else 200)


# --- Trying -----------------------------------------------------------------------------------------------------------


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def try_box(request: HttpRequest) -> HttpResponse:
    """What each rule would say of a text; nothing is kept."""
    form = TryForm(request.POST or None)
    tried = trying.tried(form.cleaned_data["text"]) if form.is_bound and form.is_valid() else None
    return _page(request, "intake/try.html", {"form": form, "tried": tried}, status=422 if form.errors else 200)


def _rule(pk: int) -> Rule:
    found = Rule.objects.filter(pk=pk, kind__in=KINDS).select_related("section", "story").first()
    if found is None:
        raise NotFound(_("There is no such rule."))
    return found


def _page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    shared = {"may_set": actions.why_not_set_rules(asker(request)) is None}
    return desk_page(request, template, {**shared, **context}, tab="rules", status=status)
