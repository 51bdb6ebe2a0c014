"""What the desk's own texts, hours and saved views are made of, for the audit log (setting AUDIT_PARTS)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from broadsheet.core.language import comma_list
from broadsheet.discussion.hours import Way
from broadsheet.moderation.hours import typed
from broadsheet.moderation.models import COMPLAINTS
from broadsheet.moderation.narrowing import STATES
from broadsheet.moderation.overview.parts import Part, chosen, in_words, row
from broadsheet.stories.models import Section


def canned(facts: Mapping[str, Any]) -> Mapping[str, Part]:
    """A text to authors."""
    reasons = {str(reason.value): reason.label for reason in COMPLAINTS}
    return {
        "name": Part(_("Name")),
        "reason": Part(_("Reason"), chosen(lambda: reasons)),
        "text": Part(_("Text")),
    }


def view(facts: Mapping[str, Any]) -> Mapping[str, Part]:
    """A queue narrowed for everybody."""
    return {
        "section": Part(_("Section"), row(Section)),
        "story": Part(_("Story number")),
        "author": Part(_("Account number")),
        "state": Part(_("Author"), chosen(lambda: STATES)),
        "language": Part(_("Language, as two letters")),
        "least": Part(_("Score from")),
        "most": Part(_("Score to")),
        "words": Part(_("Words")),
        "asked": Part(_("Second opinion asked"), lambda value: in_words(bool(value))),
    }


def schedule(facts: Mapping[str, Any]) -> Mapping[str, Part]:
    """The hours of a section's desk, or of the newsroom's."""
    ways = chosen(lambda: dict(Way.choices))
    return {
        "week": Part(_("The week"), _week),
        "holidays": Part(_("Holidays"), _holidays),
        "away": Part(_("While nobody is there"), ways),
        "full_at": Part(_("Too many, from")),
        "free_at": Part(_("until fewer than")),
        "full": Part(_("While too many comments wait"), ways),
    }


def _week(days: Any) -> str:
    return comma_list(f"{WEEKDAYS[day]} {_times(spans)}" for day, spans in enumerate(days) if spans)


def _holidays(rows: Any) -> str:
    return comma_list(f"{day} {name} {_times(spans)}".rstrip() for day, name, spans in rows)


def _times(spans: Any) -> str:
    return " ".join("–".join(typed(span)) for span in spans)
