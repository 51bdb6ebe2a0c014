"""A reader's own standing: what was decided about their account, why, until when, and how to appeal."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from broadsheet.accounts.models import Reader
from broadsheet.accounts.sessions import remember_reader
from broadsheet.core import clock
from broadsheet.core.language import with_html
from broadsheet.core.numbers import row_number
from broadsheet.core.refusals import NotFound
from broadsheet.moderation.people.actions import acknowledge
from broadsheet.moderation.people.models import Sanction
from broadsheet.moderation.people.notices import facts_of, sentence_of

SHOWN = 100  # the latest; nobody has more


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def my_standing(request: HttpRequest) -> HttpResponse:
    """What holds now, and what is over; a button says that one has read it."""
    reader = request.user
    assert isinstance(reader, Reader)
    if request.method == "POST":
        found = reader.sanctions.filter(pk=row_number(request.POST.get("sanction"))).first()
        if found is None:
            raise NotFound(_("That is not there any more."))
        acknowledge(reader=reader, sanction=found)
        messages.success(request, _("Thank you. We have noted that you have read it."))
        return redirect("my_standing")
    now = clock.now()
    rows = [_told(each, each.holds(now)) for each in reader.sanctions.select_related("section").order_by("-pk")[:SHOWN]]
    context = {
        "present": [row for row in rows if row["holds"]],
        "past": [row for row in rows if not row["holds"]],
    }
    response = render(request, "moderation/people/my_standing.html", context)
    response["X-Robots-Tag"] = "noindex"
    return remember_reader(request, response)


def _told(sanction: Sanction, holds: bool) -> dict[str, object]:
    return {"sanction": sanction, "holds": holds, "sentence": with_html(sentence_of(sanction), **facts_of(sanction))}
