"""What the wire keeps: which version of a story readers have, which hubs are to be told, where stories came from."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from broadsheet.core import clock
from broadsheet.stories.models import Story

LONGEST_URI = 500  # characters


class Release(models.Model):
    """How often a story has been released or changed since: the version number of every format."""

    story = models.OneToOneField(Story, primary_key=True, on_delete=models.CASCADE, related_name="+")
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"Version {self.version} of {self.story_id}"


class Ping(models.Model):
    """A hub that is to be told of a story. Which feeds are meant is looked up when it goes, by what is public then."""

    hub = models.CharField(max_length=600)
    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="+")
    asked = models.CharField(max_length=40)  # another one with each change: what came meanwhile is told too
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(db_index=True)  # also the claim of whoever is trying it

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hub", "story"], name="one_ping_a_story")]

    def __str__(self) -> str:
        return f"{self.story_id} to {self.hub}"


class Origin(models.Model):
    """The item of somebody else's wire that a story was made of, and what we made of it."""

    uri = models.CharField(max_length=LONGEST_URI, unique=True)
    story = models.OneToOneField(Story, null=True, on_delete=models.SET_NULL, related_name="+")
    version = models.CharField(max_length=60)
    changed_at = models.DateTimeField(null=True)  # the moment of that version
    mark = models.CharField(max_length=64)  # of the words as we stored them: the desk has changed others
    pictures: models.JSONField[Any, Any] = models.JSONField(default=dict)  # the item's name for each -> its number here
    taken_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(uri=""), name="an_origin_has_a_name")]

    def __str__(self) -> str:
        return self.uri
