"""The pages of one's own account: overview, profile, a copy of one's data, the end of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from broadsheet.accounts import deletion, exports
from broadsheet.accounts.actions import facts_changed
from broadsheet.accounts.models import Deletion, Export, Reader
from broadsheet.accounts.own_forms import DeletionForm, ProfileForm
from broadsheet.accounts.proof import proof_required
from broadsheet.accounts.sessions import remember_reader, unmark
from broadsheet.core import clock
from broadsheet.core.refusals import NotFound, Refused


def _own(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    response = render(request, f"accounts/{template}.html", context, status=status)
    response["X-Robots-Tag"] = "noindex"
    return remember_reader(request, response)


def _reader(request: HttpRequest) -> Reader:
    assert isinstance(request.user, Reader)  # each view has seen to it
    return request.user


@login_required
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """Where "Account" leads: who one is here, and the way to everything that is one's own."""
    return _own(request, "me", {"deletion": Deletion.objects.filter(reader=_reader(request)).first()})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """What one's public page says, and whether there is one."""
    reader = _reader(request)
    if reader.is_guest:
        raise Refused(_("Guests have no profile. With an account you can have one."))
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=Reader.objects.get(pk=reader.pk))
    if request.method != "POST" or not form.is_valid():
        return _own(request, "profile", {"form": form}, status=422 if form.errors else 200)
    with transaction.atomic():
        saved = form.save(commit=False)
        saved.save(update_fields=["about", "has_public_page"])
        facts_changed(saved)
    messages.success(request, _("Your profile is saved."))
    return redirect("my_profile")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def data(request: HttpRequest) -> HttpResponse:
    """Copies of one's data: ask for one (POST), fetch those that are there."""
    reader = _reader(request)
    if request.method == "POST":
        exports.ask_for_export(reader=reader)
        return redirect("my_data")
    now = clock.now()
    rows = [
        {
            "export": export,
            "state": exports.state_of(export, now),
            "until": exports.kept_until(export),
            "is_there": exports.file_of(export, now) is not None,
        }
        for export in reader.exports.order_by("-pk")[:5]
    ]
    context = {"copies": rows, "why_not": exports.why_not_export(reader, now), "days": exports.KEPT.days}
    return _own(request, "data", context)


@proof_required
@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One's own copy, for nobody else; a wrong number, another's and an old one answer alike."""
    export = get_object_or_404(Export, pk=pk, reader=_reader(request))
    path = exports.file_of(export, clock.now())
    if path is None:
        raise NotFound(_("That copy is not there any more. You can ask for another."))
    made = export.finished_at or export.asked_at
    answer = FileResponse(path.open("rb"), as_attachment=True, filename=f"broadsheet-{made:%Y-%m-%d}.zip")
    answer["Cache-Control"] = "private, no-store"
    return answer


@proof_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest) -> HttpResponse:
    """Ask for the end of one's account; or, where that is asked for, see when it comes."""
    reader = _reader(request)
    if begun := Deletion.objects.filter(reader=reader).first():
        return _own(request, "deletion_waits", {"deletion": begun})
    if why := deletion.why_not_delete(reader):
        return _own(request, "delete", {"why_not": why}, status=403)
    form = DeletionForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        context = {"form": form, "days": deletion.grace_of(reader).days}
        return _own(request, "delete", context, status=422 if form.errors else 200)
    asked = deletion.ask_to_delete(reader=reader, choice=form.cleaned_data["choice"])
    return _left(request, asked)


@login_required
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Take the deletion back."""
    deletion.take_back(reader=_reader(request))
    messages.success(request, _("Your account stays."))
    return redirect("me")


@proof_required
@require_POST
def delete_now(request: HttpRequest) -> HttpResponse:
    """Wait no longer."""
    asked = get_object_or_404(Deletion, reader=_reader(request))
    deletion.hurry(reader=_reader(request))
    asked.due_at = clock.now()
    return _left(request, asked)


def _left(request: HttpRequest, asked: Deletion) -> HttpResponse:
    """Signed out, with the last page this person sees of their account."""
    logout(request)
    waits = asked.due_at > clock.now()
    response = render(request, "accounts/deleted.html", {"deletion": asked, "waits": waits})
    unmark(response)
    return response
