"""`{% load overview %}`: days and times as the overview and the public log write them."""

from __future__ import annotations

from datetime import date, timedelta

from babel.dates import format_skeleton
from django import template

from broadsheet.core.language import locale
from broadsheet.moderation.overview import charts

register = template.Library()


@register.filter
def how_long(period: timedelta | None) -> str:
    """3 hours; a dash where there is nothing to tell."""
    return charts.how_long(period)


@register.filter
def day_of(day: date) -> str:
    """Feb 8."""
    return charts.day_words(day)


@register.filter
def month_of(day: date) -> str:
    """February 2014."""
    return str(format_skeleton("yMMMM", day, locale=locale()))
