"""What the wire hears of stories (setting STORY_LISTENERS)."""

from __future__ import annotations

from django.db.models import F

from broadsheet.stories.models import Story
from broadsheet.wire import hubs
from broadsheet.wire.models import Release


def released(story: Story) -> None:
    """Count another version of a story whose readers see another one, and have the hubs told."""
    if not Release.objects.filter(pk=story.pk).update(version=F("version") + 1):
        Release.objects.get_or_create(story_id=story.pk)
    hubs.note(story)
