"""`{% load newsdesk %}`: what the desk's own templates ask about a story."""

from __future__ import annotations

from django import template

from broadsheet.stories.models import Story
from broadsheet.stories.status import status_words

register = template.Library()


@register.filter
def standing(story: Story) -> Story:
    """The story as it stands for readers, whatever the draft in the editor says."""
    return Story.objects.filter(pk=story.pk).first() or story


@register.filter
def in_our_words(story: Story) -> str:
    """Where a story stands: "Embargoed until Sat Feb 8, 2014 1:05pm EST"."""
    return status_words(story)
