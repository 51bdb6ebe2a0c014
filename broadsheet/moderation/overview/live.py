"""The part of the overview that is of this moment, in words, for the page and for the script that refreshes it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.cache import cache
from django.urls import reverse
from django.utils.translation import get_language, ngettext

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.core.language import glance, number
from broadsheet.moderation.overview import figures
from broadsheet.moderation.people import scopes


@dataclass(frozen=True)
class Now:
    """What waits, and where it is busy."""

    waiting: list[dict[str, Any]]  # name, label, count, oldest: in words
    busiest: list[dict[str, Any]]  # headline, address, comments, waiting
    said: str  # one sentence, for those who listen

    @property
    def facts(self) -> dict[str, Any]:
        return {"waiting": self.waiting, "busiest": self.busiest, "said": self.said}


def now(moderator: Reader) -> Now:
    """As it is, or was ten seconds ago: however many look who look after the same sections, it is counted once."""
    mine = scopes.sections_of(moderator)
    whose = "all" if mine is None else "-".join(map(str, sorted(mine)))
    name = f"desk-now-{get_language()}-{whose}"
    return cache.get_or_set(name, partial(_counted, moderator), figures.FRESH) or _counted(moderator)


def _counted(moderator: Reader) -> Now:
    moment = clock.now()
    waiting = figures.waiting(moderator)
    total = sum(each.count for each in waiting if each.queue in figures.MUST)
    sentence = ngettext("%(number)s comment is waiting.", "%(number)s comments are waiting.", total)
    return Now(
        waiting=[
            {
                "name": each.queue.value,
                "label": str(each.queue.label),
                "count": number(each.count),
                "oldest": glance(moment - each.oldest) if each.oldest else "–",
            }
            for each in waiting
        ],
        busiest=[
            {
                "headline": each.thread.story.headline,
                "address": reverse("moderation:talk", args=[each.thread.pk]),
                "comments": number(each.comments),
                "waiting": number(each.waiting),
            }
            for each in figures.busiest(moment, moderator)
        ],
        said=sentence % {"number": number(total)},
    )
