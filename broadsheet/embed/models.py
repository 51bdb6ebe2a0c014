"""The one-time codes with which a reader who is signed in on our site is signed in to a frame of theirs."""

from __future__ import annotations

from django.db import models


class Handover(models.Model):
    """A code that a session on our site gave to a frame, and what became of it. The code itself is nowhere."""

    code = models.CharField(max_length=64, unique=True)  # its SHA-256
    family = models.CharField(max_length=32, db_index=True)  # of the session that gave it, for as long as that goes on
    giver = models.CharField(max_length=40)  # that session's key when it did
    good_until = models.DateTimeField(db_index=True)
    session = models.CharField(max_length=40, blank=True)  # the key of the session it began; empty while unused

    def __str__(self) -> str:
        return f"handover until {self.good_until}"


class AskedPage(models.Model):
    """A page of another site that is being asked whether it has our discussion, or was and has none: one row a page."""

    key = models.CharField(max_length=64, unique=True)  # stories.addresses.key_of
    url = models.TextField()
    asked_at = models.DateTimeField(db_index=True)
    why_not = models.TextField(blank=True)  # a sentence; empty while no answer has come

    def __str__(self) -> str:
        return self.url
