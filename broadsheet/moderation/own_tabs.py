"""The desk's own tabs (setting DESK_TABS): the queues, one's cards, saved views, and what stands behind them."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.moderation import claims, queues, rules, saved
from broadsheet.moderation.models import Entry, Queue
from broadsheet.moderation.tabs import COUNTED, Tab, capped


def tabs(moderator: Reader) -> list[Tab]:
    """What every moderator sees; supervisors the texts besides."""
    from broadsheet.moderation.desk_views import address_of

    counts = queues.waiting_counts(moderator)
    held = len(claims.held_by(moderator, clock.now()))
    asked = Entry.objects.filter(asked_by__isnull=False).order_by()[: COUNTED + 1].count()
    found = [Tab(each.value, reverse(f"moderation:{each}"), str(each.label), counts[each.value]) for each in Queue]
    found += [
        Tab("mine", reverse("moderation:mine"), _("Your cards"), str(held)),
        Tab("asked", reverse("moderation:asked"), _("Second opinions"), capped(asked)),
        *(Tab(f"view-{view.pk}", address_of(view), view.name) for view in saved.views_for(moderator)),
        Tab("decisions", reverse("moderation:decisions"), _("Decisions"), group="desk"),
        Tab("discussions", reverse("moderation:discussions"), _("Discussions"), group="desk"),
        Tab("views", reverse("moderation:views"), _("Saved views"), group="desk"),
    ]
    if rules.may_supervise(moderator):
        found.append(Tab("canned", reverse("moderation:canned"), _("Texts"), group="desk"))
    return found
