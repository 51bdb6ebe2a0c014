"""Versions of what was learned here, and what moderators say about a score."""

from __future__ import annotations

import json
import secrets
import zlib
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from broadsheet.core import clock
from broadsheet.discussion.models import Comment


def new_key() -> bytes:
    """What nobody outside knows, so that nobody can choose to be measured with rather than learned from."""
    return secrets.token_bytes(32)


class Standing(models.TextChoices):
    """What became of a version."""

    IN_FORCE = "in force", pgettext_lazy("a version of what was learned", "In force")
    KEPT = "kept", pgettext_lazy("a version of what was learned", "Kept")
    LEFT = "left", pgettext_lazy("a version of what was learned", "Left by hand")
    REFUSED = "refused", pgettext_lazy("a version of what was learned", "Refused")


class Version(models.Model):
    """What was learned from the decisions up to one moment. A refused one has figures and a reason, and no state."""

    number = models.PositiveIntegerField(unique=True)
    standing = models.CharField(max_length=8, choices=Standing.choices)
    base = models.CharField(max_length=160)  # the model it was learned on top of
    state = models.BinaryField(null=True, blank=True)  # scoring.learning.Learned.to_bytes
    packed = models.BinaryField(null=True, blank=True)  # which comments it was learned from, and what was said of them
    digest = models.CharField(max_length=64)  # of those: the same again is not learned again
    remade = models.PositiveIntegerField(default=0)  # how often, because words were deleted
    figures: models.JSONField[Any, Any] = models.JSONField(default=dict)  # scoring.measuring.decided
    words: models.JSONField[Any, Any] = models.JSONField(default=dict)  # {"more": [[word, logit], ...], "less": ...}
    reason = models.CharField(max_length=12, blank=True)  # why it was refused: a code of decided.Verdict
    about: models.JSONField[Any, Any] = models.JSONField(default=dict)  # and what it is about
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["standing"], condition=Q(standing=Standing.IN_FORCE), name="one_learned_version_in_force"
            ),
            models.CheckConstraint(condition=Q(standing__in=Standing.values), name="learned_standing_is_known"),
            models.CheckConstraint(
                condition=Q(standing=Standing.REFUSED, state__isnull=True)
                | Q(state__isnull=False) & ~Q(standing=Standing.REFUSED),
                name="what_is_kept_has_its_state",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.standing}"

    @property
    def name(self) -> str:
        """As it stands behind the model's name on every score."""
        return f"learned/{self.number}.{self.remade}" if self.remade else f"learned/{self.number}"


class Learning(models.Model):
    """One row: how learning goes in this newsroom."""

    key = models.BinaryField(default=new_key)  # of the hash that says which comments are kept aside
    since = models.DateTimeField(null=True, blank=True)  # it was begun anew: decisions before are not learned from
    by_hand = models.BooleanField(default=False)  # a person chose what is in force: the next has to be better
    taken_at = models.DateTimeField(null=True, blank=True)  # somebody is at it, or died at it

    def __str__(self) -> str:
        return f"since {self.since}"

    @classmethod
    def now(cls) -> Learning:
        """The row, made where it lacks."""
        return cls.objects.get_or_create(pk=1)[0]


class Misread(models.Model):
    """A moderator says that a comment's score is wrong because of a name or a word for who somebody is."""

    comment = models.OneToOneField(Comment, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.comment_id}"


Recipe = list[tuple[int, str, float]]  # in order: a comment's number, a code of lessons.SAID, how much it weighs


def packed(recipe: Recipe) -> bytes:
    """The list in a few kilobytes."""
    return zlib.compress(json.dumps(recipe).encode(), 6)


def unpacked(raw: bytes) -> Recipe:
    """The list again."""
    return [(comment, code, weight) for comment, code, weight in json.loads(zlib.decompress(raw))]
