"""What rules and lists are made of, for the audit log (setting AUDIT_PARTS)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from broadsheet.core.language import comma_list
from broadsheet.intake.forms import ListingForm, RuleForm
from broadsheet.intake.kind_forms import ListsField
from broadsheet.intake.kinds import KINDS
from broadsheet.intake.models import Listing, State
from broadsheet.moderation.overview.parts import Part, chosen, of_form, row


def rule(facts: Mapping[str, Any]) -> Mapping[str, Part]:
    """A rule; the settings of its kind are parts like the others."""
    return of_form(RuleForm) | {
        "kind": Part(gettext_lazy("Kind"), chosen(lambda: {key: kind.label for key, kind in KINDS.items()})),
        "state": Part(gettext_lazy("State"), chosen(lambda: dict(State.choices))),
        "settings": Part("", parts=_settings(facts.get("kind", ""))),
        "lists": Part(gettext_lazy("Lists")),
        "switches": Part(gettext_lazy("Otherwise in places"), _switches),
    }


def _settings(kind: str) -> Mapping[str, Part]:
    """What a kind can be told. Lists are named by what they are called now, but `lists` has the name they had."""
    if kind not in KINDS:
        return {}
    form = KINDS[kind].form
    parts = of_form(form)
    for name, field in form.base_fields.items():
        if isinstance(field, ListsField):
            parts[name] = parts[name]._replace(words=_lists, is_told=name != "listings")
    return parts


def _lists(numbers: Any) -> str:
    return comma_list(map(row(Listing), numbers))


def _switches(rows: Any) -> str:
    return comma_list(f"{_place(each)}: {State.ON.label if each['on'] else State.OFF.label}" for each in rows)


def _place(switch: Mapping[str, Any]) -> str:
    return switch["section"] or _("Story %(number)s") % {"number": switch["story"]}


def listing(facts: Mapping[str, Any]) -> Mapping[str, Part]:
    """A list; of its entries how many there are, how many came and went, and the first of those."""
    return of_form(ListingForm) | {
        "lines": Part(pgettext_lazy("of a list of words or names", "Entries")),
        "added": Part(pgettext_lazy("of a list of words or names", "New entries"), _entries),
        "removed": Part(pgettext_lazy("of a list of words or names", "Removed entries"), _entries),
    }


def _entries(some: Any) -> str:
    rest = "…" if some["number"] > len(some["first"]) else ""
    return f"{some['number']} ({comma_list(some['first'])}{rest})"
