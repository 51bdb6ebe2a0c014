"""`{% load hours %}`: times of the newsroom's clock."""

from __future__ import annotations

from datetime import datetime

from django import template

from broadsheet.core import clock

register = template.Library()


@register.filter
def wall_time(moment: datetime) -> str:
    """8:00am, as the newsroom's clock shows it."""
    return clock.clock_time(moment)
