"""Whom we tell of the desk's work: other servers (endpoints), and moderators by e-mail."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.discussion.models import Comment

LONGEST_ADDRESS = 600  # characters


def new_salt() -> str:
    """What makes an endpoint's secret its own (webhooks.signing)."""
    return secrets.token_urlsafe(16)


def new_identity() -> str:
    """An event's name, which receivers know a repeated delivery by."""
    return f"msg_{uuid.uuid4().hex}"


class Kind(models.TextChoices):
    """What an event is about; the names are part of what we promise to those who program against them."""

    HELD = "comment.held", pgettext_lazy("an event", "A comment is held")
    PUBLISHED = "comment.published", pgettext_lazy("an event", "A comment becomes public")
    REJECTED = "comment.rejected", pgettext_lazy("an event", "A comment is rejected")
    EDITED = "comment.edited", pgettext_lazy("an event", "A comment is edited by its author")
    WITHDRAWN = "comment.withdrawn", pgettext_lazy("an event", "A comment is withdrawn by its author")
    REPORTED = "comment.reported", pgettext_lazy("an event", "A comment is reported")
    DECISION = "decision.made", pgettext_lazy("an event", "A moderator decides about a comment")
    APPEAL = "appeal.opened", pgettext_lazy("an event", "Somebody appeals")
    SANCTION = "sanction.made", pgettext_lazy("an event", "A reader is warned, suspended or banned")
    CLOSED = "discussion.closed", pgettext_lazy("an event", "A discussion is closed by hand")
    TEST = "test.ping", pgettext_lazy("an event", "A test")


CHOSEN = [kind for kind in Kind if kind != Kind.TEST]  # what an endpoint may ask for


class Endpoint(models.Model):
    """An address of another server that is told of events. Its secret is kept nowhere: see signing.secret_of."""

    name = models.CharField(max_length=80, unique=True)
    address = models.CharField(max_length=LONGEST_ADDRESS)
    events: models.JSONField[Any, Any] = models.JSONField(default=list)  # names of Kind
    with_words = models.BooleanField(default=False)  # comments' words too, of those that everybody can read then
    is_on = models.BooleanField(default=True)
    salt = models.CharField(max_length=32, default=new_salt)
    old_salt = models.CharField(max_length=32, blank=True)  # the secret before; it signs too, until ...
    old_until = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField(default=clock.now)
    failing_since = models.DateTimeField(null=True, blank=True)  # nothing has arrived since
    off_why = models.CharField(max_length=200, blank=True)  # where it was switched off by itself

    def __str__(self) -> str:
        return self.name


class Event(models.Model):
    """Something that happened, written down in its transaction. It holds numbers, statuses and reasons, no words."""

    identity = models.CharField(max_length=40, primary_key=True, default=new_identity)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    at = models.DateTimeField(default=clock.now)
    data: models.JSONField[Any, Any] = models.JSONField(default=dict)
    comment = models.ForeignKey(Comment, null=True, blank=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["at"], name="event_at")]

    def __str__(self) -> str:
        return f"{self.kind} {self.identity}"


class Delivery(models.Model):
    """One event on its way to one endpoint. `next_try_at` is also the claim of whoever is trying it."""

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="deliveries")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="deliveries")
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)  # None: it is over
    done_at = models.DateTimeField(null=True, blank=True)  # None with nothing to come: given up
    attempts: models.JSONField[Any, Any] = models.JSONField(default=list)  # [moment, status or 0, milliseconds, fault]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["endpoint", "event"], name="one_delivery_an_endpoint")]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(next_try_at__isnull=False), name="delivery_due"),
            models.Index(fields=["endpoint", "-id"], name="delivery_log"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} to {self.endpoint_id}"

    @property
    def tried(self) -> list[Attempt]:
        """Every try, the latest first."""
        return [Attempt(datetime.fromisoformat(at), *rest) for at, *rest in reversed(self.attempts)]


class Attempt:
    """One try to deliver: when, what was answered (0: nothing), in how many milliseconds, and what went wrong."""

    def __init__(self, at: datetime, status: int, took: int, fault: str) -> None:
        self.at, self.status, self.took, self.fault = at, status, took, fault


class Digest(models.TextChoices):
    """How often a moderator is written to about what waits."""

    NEVER = "never", pgettext_lazy("e-mail", "Never")
    DAILY = "daily", pgettext_lazy("e-mail", "Once a day")
    HOURLY = "hourly", pgettext_lazy("e-mail", "Every hour in which something waits")


class MailChoice(models.Model):
    """What one moderator wants by e-mail; without a row, nothing."""

    moderator = models.OneToOneField(Reader, on_delete=models.CASCADE, related_name="desk_mail")
    digest = models.CharField(max_length=6, choices=Digest.choices, default=Digest.NEVER)
    each = models.BooleanField(default=False)  # a mail for each comment that is held or reported
    next_digest_at = models.DateTimeField(null=True, blank=True, db_index=True)

    def __str__(self) -> str:
        return f"{self.moderator_id}: {self.digest}"


class Offer(models.Model):
    """A mail about one waiting comment, with a link to approve it and one to reject it, good once between them.

    Of the links only hashes are kept. What the mail was about is kept too: a comment that was edited or decided since
    is another one.
    """

    moderator = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="desk_offers")
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="+")
    approve = models.CharField(max_length=64, blank=True, db_index=True)
    reject = models.CharField(max_length=64, blank=True, db_index=True)
    seen = models.CharField(max_length=10)  # the comment's status
    edited_at = models.DateTimeField(null=True, blank=True)
    last_decision = models.PositiveIntegerField(default=0)
    last_report = models.BigIntegerField(default=0)
    made_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["moderator", "made_at"], name="offer_moderator")]

    def __str__(self) -> str:
        return f"{self.comment_id} to {self.moderator_id}"
