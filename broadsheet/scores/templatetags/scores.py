"""`{% load scores %}`: what other apps' templates show of the scorer."""

from __future__ import annotations

from django import template

from broadsheet.scores import asking

register = template.Library()


@register.simple_tag
def uses_scorer() -> bool:
    """Whether comments are scored here (setting scorer)."""
    return asking.is_on()
