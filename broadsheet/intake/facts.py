"""A rule in words and figures, for the record of changes and for telling whether it is still the same."""

from __future__ import annotations

from typing import Any

from broadsheet.intake import kinds
from broadsheet.intake.models import Listing, Rule

HOW_IT_LOOKS = ("kind", "settings", "lists", "section", "story", "switches", "spares_staff")


def facts_of(rule: Rule) -> dict[str, Any]:
    """A rule as the record of changes keeps it; its secret is not in there."""
    numbers = kinds.listings_in(rule.params)
    names = dict(Listing.objects.filter(pk__in=numbers).values_list("pk", "name"))
    return {
        "name": rule.name,
        "kind": rule.kind,
        "state": rule.state,
        "settings": {name: value for name, value in rule.params.items() if name != "secret"},
        "lists": [names[number] for number in numbers if number in names],
        "section": rule.section.name if rule.section else None,
        "story": rule.story_id,
        "switches": [
            {"section": each.section.name if each.section else None, "story": each.story_id, "on": each.is_on}
            for each in rule.switches.select_related("section").order_by("pk")
        ]
        if rule.pk
        else [],
        "spares_staff": rule.spares_staff,
        "asks_for": rule.asks_for,
        "reason": rule.reason,
        "minutes": rule.minutes,
    }


def looks_the_same(rule: Rule, before: dict[str, Any]) -> bool:
    """Whether a rule looks for the same as when these were its facts; its name, state and what it asks for aside."""
    now = facts_of(rule)
    return all(now[name] == before.get(name) for name in HOW_IT_LOOKS)
