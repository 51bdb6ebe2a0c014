"""`{% load thanks %}`: whom a notice thanks by name."""

from __future__ import annotations

from typing import Any

from django import template

from broadsheet.discussion.models import Comment
from broadsheet.stories.furniture import Word

register = template.Library()


@register.inclusion_tag("newsdesk/_thanked.html")
def thanked(notice: Word) -> dict[str, Any]:
    """The reader whose comment led to a notice, if they said that they may be named; one query where there is one."""
    if not notice.thanks_to:
        return {"comment": None}
    agreed = Comment.objects.filter(pk=notice.thanks_to, author__thanks__by_name=True, author__is_active=True)
    return {"comment": agreed.select_related("author").only("status", "author__name").first()}
