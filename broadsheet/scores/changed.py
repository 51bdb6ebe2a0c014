"""What the use of scores and other scorers are made of, for the audit log (setting AUDIT_PARTS)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from broadsheet.moderation.overview.parts import SECRET, Part, in_words, of_form
from broadsheet.scores.backends.forms import BackendForm
from broadsheet.scores.forms import UseForm


def use(facts: Mapping[str, Any]) -> Mapping[str, Part]:
    """How scores are used. Of a thousand in the table, in percent on the form and here."""
    parts = of_form(UseForm)
    shares = {name: parts[name]._replace(words=_in_percent) for name in ("false_alarms", "trickle")}
    return parts | shares


def _in_percent(of_thousand: Any) -> str:
    return in_words(of_thousand / 10)


def scorer(facts: Mapping[str, Any]) -> Mapping[str, Part]:
    """Another scorer."""
    return of_form(BackendForm) | {"secret": SECRET}
