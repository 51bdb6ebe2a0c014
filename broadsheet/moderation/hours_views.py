"""The pages of the desk's hours: moderators read them, those who supervise change them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.core.refusals import NotFound, Refused
from broadsheet.discussion import desk_hours, promises
from broadsheet.discussion.hours import Way
from broadsheet.discussion.models import Hours, Promise, hours_for
from broadsheet.moderation.doors import asker, desk_page, moderators_only, supervisors_only
from broadsheet.moderation.hours import change_hours, drop_hours, sheet_in, sheet_of, unsaved
from broadsheet.moderation.tabs import Tab
from broadsheet.stories.models import Section


def tabs(moderator: Reader) -> Iterator[Tab]:
    """Where the hours are (setting DESK_TABS)."""
    yield Tab("hours", reverse("moderation:hours"), _("Hours"), group="desk")


@moderators_only
@require_safe
def hours(request: HttpRequest) -> HttpResponse:
    """When somebody is at the desk this week, and what becomes of comments meanwhile; of each section too."""
    rows = list(Hours.objects.all())
    known = {row.section_id: row for row in rows}
    usual = {row.section_id: row for row in Promise.objects.all()}
    shown = [_shown(None, known.get(None), usual.get(None))]
    for section in Section.objects.all():
        own = hours_for(section.pk, rows) if section.pk in known else None
        shown.append(_shown(section, own, usual.get(section.pk)))
    return desk_page(request, "moderation/hours.html", {"shown": shown}, tab="hours")


@supervisors_only
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Set the hours of the newsroom, or of the section with that number."""
    section = _section(pk)
    standing = Hours.objects.filter(section=section).first()
    if request.method != "POST":
        return _form(request, section, {"sheet": sheet_of(standing), "standing": standing})
    sheet = sheet_in(request.POST)
    try:
        if "preview" in request.POST:
            week = desk_hours.coming_days(unsaved(sheet, section), clock.now())
            return _form(request, section, {"sheet": sheet, "standing": standing, "days": week})
        if "drop" in request.POST:
            drop_hours(by=asker(request), section=section)
            messages.success(request, _("These hours are gone."))
        else:
            change_hours(by=asker(request), section=section, sheet=sheet)
            messages.success(request, _("The hours are set."))
    except Refused as refusal:
        context = {"sheet": sheet, "standing": standing, "refusal": refusal}
        return _form(request, section, context, status=refusal.status)
    return redirect("moderation:hours")


def _shown(section: Section | None, own: Hours | None, usual: Promise | None) -> dict[str, Any]:
    now = clock.now()
    return {
        "section": section,
        "hours": own,
        "days": desk_hours.coming_days(own, now) if own else [],
        "usual": promises.honest_minutes(usual.minutes) if usual and usual.minutes else "",
        "evidence": usual.evidence if usual else 0,
    }


def _section(pk: int | None) -> Section | None:
    if pk is None:
        return None
    found = Section.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such section."))
    return found


def _form(request: HttpRequest, section: Section | None, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    sheet = context["sheet"]
    more = {
        "section": section,
        "week": [(number, WEEKDAYS[number], sheet.week[number]) for number in range(7)],
        "ways": Way.choices,
    }
    return desk_page(request, "moderation/hours_form.html", {**context, **more}, tab="hours", status=status)
