"""People at the moderators' desk: looking somebody up, one person's page, and doing something about them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from broadsheet.accounts.models import Reader
from broadsheet.accounts.rules import works_here
from broadsheet.core import clock
from broadsheet.core.numbers import row_number
from broadsheet.core.refusals import NotFound, Refused, Unacceptable
from broadsheet.moderation.doors import asker, desk_page, moderators_only
from broadsheet.moderation.models import LONGEST_NOTE, Canned
from broadsheet.moderation.people import actions, notices, reading, removal, rules, scopes, traces
from broadsheet.moderation.people.forms import ENDING, SanctionForm, new_key, token_in
from broadsheet.moderation.people.models import Kind, Sanction
from broadsheet.stories.models import Section


@moderators_only
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Look somebody up; without a question, everybody against whom something holds now."""
    moderator, words = asker(request), request.GET.get("q", "")
    held, after = reading.sanctions_in_force(moderator, row_number(request.GET.get("after")))
    context = {
        "words": words,
        "found": reading.find(words, moderator) if words.strip() else None,
        "by_mail": moderator.is_supervisor,
        "asked_mail": "@" in words and not moderator.is_supervisor,
        "held": held,
        "next": after,
    }
    return desk_page(request, "moderation/people/people.html", context, tab="people")


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one reader; notes, sections and the lifting of a sanction are forms on it."""
    reader, refusal = _reader(pk), None
    if request.method == "POST":
        try:
            messages.success(request, _act(request, reader))
            return redirect("moderation:person", pk)
        except Refused as fault:
            refusal = fault
            reader = _reader(pk)
    return _person_page(request, reader, refusal)


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def sanctioning(request: HttpRequest, pk: int) -> HttpResponse:
    """One sanction: the form, what it would do, and doing it."""
    reader, moderator = _reader(pk), asker(request)
    kind = request.POST.get("kind") or request.GET.get("kind", "")
    if kind not in Kind.values:
        return redirect("moderation:person", pk)
    if request.method != "POST":
        return _sanction_page(request, reader, Kind(kind), _empty(moderator, reader, Kind(kind)))
    if "use" in request.POST:
        return _sanction_page(request, reader, Kind(kind), _with_canned(request, moderator))
    form = SanctionForm(request.POST, moderator=moderator)
    if not form.is_valid():
        return _sanction_page(request, reader, Kind(kind), form, status=422)
    if "do" not in request.POST:
        return _sanction_page(request, reader, Kind(kind), form, looks=True)
    try:
        made = _sanction(form, moderator, reader)
    except Refused as fault:
        return _sanction_page(request, reader, Kind(kind), form, looks=fault.status == 409, refusal=fault)
    messages.success(request, _("Done: %(what)s. The reader is told.") % {"what": Kind(made.kind).label})
    return redirect("moderation:person", pk)


def _sanction(form: SanctionForm, moderator: Reader, reader: Reader) -> Sanction:
    facts = form.cleaned_data
    return actions.sanction(
        moderator=moderator,
        reader=reader,
        kind=facts["kind"],
        reason=facts["reason"],
        section=_section(form),
        until=form.until(clock.now()),
        told=facts["told"],
        note=facts["note"],
        removes=form.extent,
        token=token_in(facts["key"], reader),
    )


def _section(form: SanctionForm) -> Section | None:
    number = form.cleaned_data.get("section")
    return Section.objects.get(pk=number) if number else None


def _empty(moderator: Reader, reader: Reader, kind: Kind) -> SanctionForm:
    usual = {"kind": kind, "key": new_key(reader), "length": "7" if kind == Kind.SUSPENSION else ""}
    return SanctionForm(initial=usual, moderator=moderator)


def _with_canned(request: HttpRequest, moderator: Reader) -> SanctionForm:
    """The form as it was sent, with the words that were chosen from those sent often."""
    chosen = Canned.objects.filter(pk=row_number(request.POST.get("canned"))).first()
    typed: dict[str, Any] = request.POST.dict()
    if chosen:
        typed |= {"told": chosen.text, "reason": chosen.reason or typed.get("reason", "")}
    return SanctionForm(initial=typed, moderator=moderator)


def _sanction_page(
    request: HttpRequest,
    reader: Reader,
    kind: Kind,
    form: SanctionForm,
    *,
    looks: bool = False,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    """The form, and with `looks` what it would do: what the reader reads, and which comments would go."""
    context: dict[str, Any] = {
        "reader": reader,
        "kind": kind,
        "form": form,
        "ends": kind in ENDING,
        "bans": kind == Kind.BAN,
        "canned": Canned.objects.order_by("name"),
        "refusal": refusal,
        "why_not": rules.why_never_sanction(asker(request), reader),
        "most": LONGEST_NOTE,
    }
    if looks:
        section = _section(form)
        draft = Sanction(
            kind=kind,
            section=section,
            reason=form.cleaned_data["reason"],
            told=form.cleaned_data["told"],
            until=form.until(clock.now()),
        )
        context |= {
            "draft": draft,
            "sent": SanctionForm(request.POST, moderator=asker(request), auto_id=False),  # no id stands twice on a page
            "sentence": notices.sentence_of(draft) % notices.facts_of(draft),
            "why": notices.why_of(draft),
            "goes": removal.preview(reader, section) if form.cleaned_data["removes"] and kind == Kind.BAN else None,
        }
    status = refusal.status if refusal else status
    return desk_page(request, "moderation/people/sanction.html", context, tab="people", status=status)


def _act(request: HttpRequest, reader: Reader) -> str:
    """Do what the form asks for, and say that it is done."""
    moderator, sent = asker(request), request.POST
    match sent.get("act"):
        case "note":
            actions.note_person(moderator=moderator, reader=reader, text=sent.get("text", ""))
            return _("The note is kept.")
        case "remove_note":
            note = reader.desk_notes.filter(pk=row_number(sent.get("note"))).first()
            if note is None:
                raise NotFound(_("That is not there any more."))
            actions.remove_note(moderator=moderator, note=note)
            return _("The note is gone.")
        case "lift":
            held = reader.sanctions.filter(pk=row_number(sent.get("sanction"))).first()
            if held is None:
                raise NotFound(_("That is not there any more."))
            actions.lift(moderator=moderator, sanction=held, why=sent.get("why", ""))
            return _("Lifted. The reader is told.")
        case "scope":
            chosen = [row_number(each) for each in sent.getlist("section")]
            scopes.set_scopes(supervisor=moderator, moderator=reader, sections=chosen)
            return _("The sections are changed.")
    raise Unacceptable(_("That form was incomplete. Here is the page as it is now."))


def _person_page(request: HttpRequest, reader: Reader, refusal: Refused | None) -> HttpResponse:
    moderator, now = asker(request), clock.now()
    status, before = request.GET.get("status", ""), row_number(request.GET.get("after"))
    comments, after = reading.comments_of(reader, moderator, status, before)
    history = reading.history_of(reader, moderator)
    context = {
        "reader": reader,
        "works_here": works_here(reader),
        "shows_mail": moderator.is_supervisor,
        "record": reading.record_of(reader),
        "status": status,
        "comments": comments,
        "next": after,
        "held": [(each, rules.why_not_lift(moderator, each)) for each in history if each.holds(now)],
        "past": [each for each in history if not each.holds(now)],
        "notes": [(note, rules.why_not_remove_note(moderator, note)) for note in reading.notes_about(reader)],
        "former": reader.name_changes.order_by("-at")[:50],
        "reported": reading.reported_by(reader),
        "hints": reading.hints_about(reader),
        "deleted_while_banned": traces.marked(reader),
        "kinds": Kind.choices,
        "why_not": rules.why_never_sanction(moderator, reader),
        "sections": None if scopes.why_not_scope(moderator, reader) else reading.moderated(reader),
        "refusal": refusal,
        "typed": request.POST.get("text", "") if refusal else "",
        "most": LONGEST_NOTE,
    }
    return desk_page(
        request, "moderation/people/person.html", context, tab="people", status=refusal.status if refusal else 200
    )


def _reader(pk: int) -> Reader:
    found = Reader.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such reader."))
    return found
