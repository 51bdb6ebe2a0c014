"""What the wire keeps: which version of a story readers have, which hubs are told, whence stories and comments came."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.discussion.models import Comment
from broadsheet.stories.models import Story

LONGEST_URI = 500  # characters
LONGEST_KEY = 200  # characters: a source, a space and its own number


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


class SourcePerson(models.Model):
    """Somebody who wrote elsewhere, by the other system's number for them; never by their name or address."""

    key = models.CharField(max_length=LONGEST_KEY, unique=True)  # "disqus harbour"
    reader = models.ForeignKey(Reader, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    had_account = models.BooleanField(default=False)  # one was made; if it is deleted, no import makes another

    def __str__(self) -> str:
        return self.key


class SourceComment(models.Model):
    """A comment that an import has made, and by what it knows it again."""

    key = models.CharField(max_length=LONGEST_KEY, unique=True)  # "disqus 991"
    comment = models.OneToOneField(Comment, on_delete=models.CASCADE, related_name="brought_from")
    person = models.ForeignKey(SourcePerson, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    told = models.CharField(max_length=32)  # of what the file said of it: another one is a change there
    left = models.CharField(max_length=32)  # of the comment as the import left it: another one is a change here
    # What had been decided about it elsewhere, as it was told: rows of Broadsheet's own format.
    decisions: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)

    def __str__(self) -> str:
        return self.key
