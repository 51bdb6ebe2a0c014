"""What the newsroom's own pages say of a person."""

from __future__ import annotations

from typing import Any

from django import template

from broadsheet.accounts.models import Reader

register = template.Library()
MOST_NAMES = 5  # the latest former names; more say no more


@register.inclusion_tag("accounts/_name_history.html")
def name_history(reader: Reader | None) -> dict[str, Any]:
    """The names somebody had before, for moderators: `{% name_history comment.author %}`.

    A query for those who have changed their name, and none for all others, who are most of a queue.
    """
    changed = reader is not None and reader.name_changed_at is not None
    former = list(reader.name_changes.order_by("-at")[: MOST_NAMES + 1]) if reader and changed else []
    return {"reader": reader, "former": former[:MOST_NAMES], "more": len(former) > MOST_NAMES}
