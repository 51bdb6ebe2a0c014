"""Other scorers, what they said of comments, and how each call to them went."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from broadsheet.core import clock
from broadsheet.discussion.models import Comment

LONGEST_NAME, LONGEST_ADDRESS, LONGEST_POLICY = 60, 600, 4_000


def new_salt() -> str:
    """What makes a back-end's secret its own."""
    return secrets.token_urlsafe(16)


class Backend(models.Model):
    """Another scorer. Its secret is kept nowhere (core.standard_webhooks.derived_secret)."""

    class Kind(models.TextChoices):
        WEBHOOK = "webhook", _("A server that speaks our protocol (signed webhook)")
        CHAT = "chat", _("A language model (OpenAI-compatible server)")

    name = models.CharField(max_length=LONGEST_NAME, unique=True)
    kind = models.CharField(max_length=7, choices=Kind.choices)
    address = models.CharField(max_length=LONGEST_ADDRESS)
    language_model = models.CharField(max_length=100, blank=True)  # by the name its server knows it by
    policy = models.TextField(max_length=LONGEST_POLICY, blank=True)  # told to a language model
    seconds = models.FloatField(default=10.0)  # after which a call is given up
    tells_story = models.BooleanField(default=True)  # headline, first words, and the comment replied to
    is_on = models.BooleanField(default=False)
    counts = models.BooleanField(default=False)  # its *inappropriate* counts, in place of this machine's own scorer's
    counts_since = models.DateTimeField(null=True, blank=True)  # what it was asked before changes nothing
    salt = models.CharField(max_length=32, default=new_salt)
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["webhook", "chat"]), name="score_backend_kind_is_known"),
            models.UniqueConstraint(fields=["counts"], condition=Q(counts=True), name="one_score_backend_counts"),
        ]

    def __str__(self) -> str:
        return self.name


class OtherScore(models.Model):
    """What another scorer says of a comment's words as they are now, or is yet to say."""

    backend = models.ForeignKey(Backend, on_delete=models.CASCADE, related_name="others")
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="other_scores")
    asked_at = models.DateTimeField(default=clock.now)  # since when it has had these words
    due_at = models.DateTimeField(null=True, blank=True)  # of the next try, and the claim of whoever tries; None: over
    tries = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(null=True, blank=True)  # of the answer; None: there is none
    counted = models.BooleanField(default=False)  # what follows from it has been done
    model = models.CharField(max_length=160, blank=True)
    inappropriate = models.FloatField(null=True, blank=True)
    spam = models.FloatField(null=True, blank=True)
    relevance = models.FloatField(null=True, blank=True)
    values: models.JSONField[Any, Any] = models.JSONField(default=dict)  # these three as Score has them
    reasons: models.JSONField[Any, Any] = models.JSONField(default=dict)
    marks: models.JSONField[Any, Any] = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "backend"], name="other_score_once")]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="other_score_due"),
            models.Index(
                fields=["made_at"], condition=Q(counted=False, made_at__isnull=False), name="other_score_counts"
            ),
            models.Index(fields=["backend", "model", "comment"], name="other_score_model"),
        ]

    def __str__(self) -> str:
        return f"{self.comment_id} by {self.model or self.backend_id}"


class Call(models.Model):
    """One request to another scorer: how large, and what came of it. No word of a comment is in it."""

    backend = models.ForeignKey(Backend, on_delete=models.CASCADE, related_name="calls")
    at = models.DateTimeField(default=clock.now)
    comments = models.PositiveSmallIntegerField()
    characters = models.PositiveIntegerField()  # of all of them
    milliseconds = models.PositiveIntegerField()
    fault = models.CharField(max_length=200, blank=True)  # why there is no answer, or not to all

    class Meta:
        indexes = [models.Index(fields=["backend", "-id"], name="score_call_latest")]

    def __str__(self) -> str:
        return f"{self.backend_id} at {self.at}"
