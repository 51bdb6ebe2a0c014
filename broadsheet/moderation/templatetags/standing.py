"""`{% load standing %}`: the way to one's standing, where something is refused for it."""

from __future__ import annotations

from typing import Any

from django import template

from broadsheet.accounts.models import Reader

register = template.Library()


@register.inclusion_tag("moderation/people/_way.html", takes_context=True)
def standing_way(context: template.Context) -> dict[str, Any]:
    """A link for a reader against whom something holds; nothing for anybody else."""
    person = context["request"].user
    return {"shown": isinstance(person, Reader) and person.sanctions.in_force().exists()}
