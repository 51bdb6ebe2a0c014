"""`{% load legal %}`: what other apps' templates show of legal matters."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings

from broadsheet.core import clock
from broadsheet.delivery.freshness import Freshness
from broadsheet.legal.holds import banner_of
from broadsheet.legal.models import Statement
from broadsheet.legal.models import takes_appeals as _takes_appeals
from broadsheet.legal.statements import address_of
from broadsheet.stories.models import Story

register = template.Library()


@register.inclusion_tag("legal/_banner.html", takes_context=True)
def legal_banner(context: template.Context, story: Story) -> dict[str, Any]:
    """What stands over a discussion under legal hold; the page is made anew when the hold expires."""
    words, ends = banner_of(story.pk, clock.now()) if story.pk else ([], None)
    freshness: Freshness | None = context.get("freshness")
    if freshness:
        freshness.until(ends)
    return {"banner": words}


@register.simple_tag
def takes_appeals() -> bool:
    """Whether decisions can be appealed here (setting legal_tier)."""
    return _takes_appeals()


@register.simple_tag
def has_transparency() -> bool:
    """Whether the transparency report is public (setting transparency_page)."""
    return bool(settings.TRANSPARENCY_PAGE)


@register.simple_tag(takes_context=True)
def sanction_statements(context: template.Context) -> dict[int, str]:
    """Where whoever reads finds the statements of reasons of their sanctions, by the sanction's number; one query."""
    rows = Statement.objects.filter(sanction__isnull=False, recipient__reader=context["request"].user)
    return {statement.sanction: address_of(statement) for statement in rows if statement.sanction}


@register.filter
def of(found: dict[int, Any], number: int) -> Any:
    """What a dictionary holds under a number; None where it holds nothing."""
    return found.get(number)
