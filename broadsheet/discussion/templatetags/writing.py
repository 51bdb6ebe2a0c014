"""What an author's own view of a comment says besides its words."""

from __future__ import annotations

from django import template

from broadsheet.discussion.models import Comment
from broadsheet.discussion.verified import waiting

register = template.Library()


@register.filter
def waits_for_address(comment: Comment) -> bool:
    """Whether a comment is held for its author's unconfirmed address, and for nothing else."""
    return comment.author is not None and waiting(comment.author).filter(pk=comment.pk).exists()
