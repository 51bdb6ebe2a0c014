"""Where comments came from, so that the same file brings nothing twice and one person's comments stay together."""

from __future__ import annotations

from typing import Any

from django.db import models

from broadsheet.accounts.models import Reader
from broadsheet.discussion.models import Comment

LONGEST_KEY = 200  # characters: a source, a space and its own number


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
