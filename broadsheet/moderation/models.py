"""Reports by readers and decisions by moderators."""

from __future__ import annotations

import secrets
from typing import Any, ClassVar, NoReturn

from django.db import models
from django.db.models import Q

from broadsheet.accounts.models import Reader
from broadsheet.discussion.models import Comment, Status

LONGEST_NOTE = 1000


def receipt_token() -> str:
    """128 random bits in a link: whoever holds it may read the receipt (OWASP ASVS 5.0, 11.5.1)."""
    return secrets.token_urlsafe(16)


class Reason(models.TextChoices):
    IRRELEVANT = "irrelevant", "It has nothing to do with the story"
    ABUSIVE = "abusive", "It insults, threatens or harasses somebody"
    HATEFUL = "hateful", "It attacks people for who they are"
    FALSE = "false", "It states as fact what is not so"
    PRIVATE = "private", "It gives away private matters"
    SPAM = "spam", "It is advertising or repeats itself"
    ILLEGAL = "illegal", "It is against the law"
    OTHER = "other", "Something else"


class Outcome(models.TextChoices):
    WAITING = "waiting", "An editor has not looked at it yet"
    REMOVED = "removed", "An editor agreed and removed the comment"
    KEPT = "kept", "An editor looked at it and left the comment as it is"
    GONE = "gone", "The comment's author withdrew it"


class Report(models.Model):
    """A reader's complaint about a comment, with an account or without."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="reports")
    reporter = models.ForeignKey(Reader, null=True, blank=True, on_delete=models.SET_NULL, related_name="reports")
    # A keyed hash of the address of somebody without an account, for the rate limit; emptied after a day.
    address_key = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=12, choices=Reason.choices)
    note = models.CharField(max_length=LONGEST_NOTE, blank=True)
    token = models.CharField(max_length=32, unique=True, default=receipt_token)
    created_at = models.DateTimeField(auto_now_add=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.WAITING)
    decision = models.ForeignKey("Decision", null=True, blank=True, on_delete=models.PROTECT, related_name="reports")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "reporter"], condition=Q(reporter__isnull=False), name="one_report_a_reader"
            ),
            models.UniqueConstraint(
                fields=["comment", "address_key"], condition=~Q(address_key=""), name="one_report_an_address"
            ),
        ]
        indexes = [
            models.Index(fields=["outcome", "created_at"], name="report_queue"),
            models.Index(fields=["address_key", "created_at"], name="report_address"),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} ({self.comment_id})"


class Decision(models.Model):
    """A moderator's act on a comment. Never edited and never deleted: a later one follows it."""

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="decisions")
    moderator = models.ForeignKey(Reader, null=True, blank=True, on_delete=models.PROTECT, related_name="decisions")
    seen = models.CharField(max_length=10, choices=Status.choices)  # the status on the moderator's screen
    after = models.CharField(max_length=10, choices=Status.choices)
    reason = models.CharField(max_length=12, choices=Reason.choices, blank=True)
    note = models.CharField(max_length=LONGEST_NOTE, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager[Decision]] = models.Manager()

    class Meta:
        permissions = [("decide", "May decide about comments")]
        indexes = [models.Index(fields=["comment", "created_at"], name="decision_history")]

    def __str__(self) -> str:
        return f"{self.seen} to {self.after} ({self.comment_id})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            self._refuse()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise TypeError("A decision is never changed; make another that follows it.")
