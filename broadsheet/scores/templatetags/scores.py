"""`{% load scores %}`: what the scorer's pages need, and what other apps' templates show of the scorer."""

from __future__ import annotations

from django import template

from broadsheet.core.breaker import Health
from broadsheet.core.language import number
from broadsheet.moderation.overview.charts import Column, day_words
from broadsheet.scores import asking, words
from broadsheet.scores.backends import calling
from broadsheet.scores.backends.models import Backend
from broadsheet.scores.health import DayOf
from broadsheet.scores.precision import Share

register = template.Library()


@register.simple_tag
def uses_scorer() -> bool:
    """Whether comments are scored here (setting scorer)."""
    return asking.is_on()


@register.simple_tag
def other_scorers() -> list[tuple[Backend, Health]]:
    """The scorers beside our own, and how each has been lately."""
    return [(each, calling.health(each)) for each in Backend.objects.all()]


@register.filter
def share_rejected(column: Column) -> str:
    """The share of a week: 37%, or a dash where nothing was decided."""
    return Share(*column.numbers).percent


@register.filter
def score(value: float) -> str:
    """0.83."""
    return words.told(value)


@register.filter
def day(row: DayOf) -> str:
    """Feb 8."""
    return day_words(row.day)


@register.filter
def of_hundred(permille: int) -> str:
    """A number of a thousand as percent: 2, or 0.5."""
    return number(permille / 10)
