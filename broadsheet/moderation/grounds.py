"""Why a comment stands where it stands in a queue, in words: one sentence for each ground (moderation.urgency)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from broadsheet.core.language import comma_list, glance, number
from broadsheet.discussion.merit import OWN, Part, told
from broadsheet.moderation.models import Entry, Reason

Facts = dict[str, Any]
# What each code says; an app that enters comments for reasons of its own adds its codes here when it is ready.
WORDS: dict[str, Callable[[Facts], str]] = {}


def says(code: str) -> Callable[[Callable[[Facts], str]], Callable[[Facts], str]]:
    """Marks the function that puts the facts of a ground with this code into words."""

    def keep(words: Callable[[Facts], str]) -> Callable[[Facts], str]:
        WORDS[code] = words
        return words

    return keep


@says("flag")
def _flag(facts: Facts) -> str:
    return _("A check found something: %(check)s") % {"check": facts.get("rule") or facts.get("check", "")}


@says("reports")
def _reports(facts: Facts) -> str:
    count = int(facts.get("count", 1))
    sentence = ngettext("%(n)s report: %(reason)s", "%(n)s reports: %(reason)s", count)
    return sentence % {"n": number(count), "reason": Reason(facts["reason"]).label}


@says("coordinated")
def _coordinated(facts: Facts) -> str:
    return _("These reports look agreed on, so they weigh as one")


@says("rejected")
def _rejected(facts: Facts) -> str:
    return _("Comments of this author were often rejected")


@says("new")
def _new(facts: Facts) -> str:
    return _("Its author is new here")


@says("merit")
def _merit(facts: Facts) -> str:
    marks = comma_list(told(Part(facts.get("merit", 0)) & OWN))
    # Translators: marks are those that readers are told, such as "cites a source, speaks from experience".
    return _("A contribution: %(marks)s") % {"marks": marks} if marks else _("It is a contribution by its marks")


@says("respects")
def _respects(facts: Facts) -> str:
    count = int(facts.get("count", 0))
    return ngettext("%(n)s reader respects it", "%(n)s readers respect it", count) % {"n": number(count)}


def sentences(place: Entry) -> list[tuple[str, str]]:
    """Each ground with the time that it is worth: ("2 reports: It is advertising ...", "+3 hours")."""
    return [(_say(code, facts), _worth(minutes)) for code, minutes, facts in place.why]


def _worth(minutes: int) -> str:
    return f"{'−' if minutes < 0 else '+'}{glance(timedelta(minutes=abs(minutes)))}"


def head_start(place: Entry) -> str:
    """How much longer it would have to have waited to stand here by its age alone; "" where nothing moves it."""
    return glance(place.since - place.due) if place.due < place.since else ""


def _say(code: str, facts: Facts) -> str:
    words = WORDS.get(code)
    return words(facts) if words else str(facts.get("words") or code)
