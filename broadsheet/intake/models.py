"""The newsroom's own rules for what comes in, the lists they look in, and what came of them."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from broadsheet.core import clock
from broadsheet.discussion.models import Comment, Status
from broadsheet.moderation.models import COMPLAINTS, Reason
from broadsheet.stories.models import Section, Story

LONGEST_NAME = 80  # of a rule or a list: it stands on cards and in findings


class Listing(models.Model):
    """Lines that rules look for: words and phrases, protected names, servers, or addresses of mail."""

    class Kind(models.TextChoices):
        PHRASES = "phrases", _("Words and phrases")
        NAMES = "names", _("Protected names")
        HOSTS = "hosts", _("Servers of links")
        MAIL = "mail", _("Domains of e-mail addresses")

    name = models.CharField(max_length=LONGEST_NAME, unique=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    language = models.CharField(max_length=LONGEST_NAME, blank=True)  # a note for people: matching is the same for all
    note = models.CharField(max_length=300, blank=True)  # what it is for; of names: why they are protected
    lines = models.TextField(blank=True)  # one entry a line, as they were put in, none twice
    size = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["phrases", "names", "hosts", "mail"]), name="listing_kind_is_known"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def entries(self) -> list[str]:
        return self.lines.split("\n") if self.lines else []


class State(models.TextChoices):
    """Whether a rule speaks: not at all, only to be watched, or for good."""

    OFF = "off", pgettext_lazy("a rule's state", "Off")
    TRIAL = "trial", pgettext_lazy("a rule's state", "On trial")
    ON = "on", pgettext_lazy("a rule's state", "On")


class Asks(models.TextChoices):
    """What a rule asks for where it finds something."""

    NOTE = "note", _("Only note it on the card")
    HOLD = "hold", _("Hold the comment for a moderator")
    REJECT = "reject", _("Reject the comment unseen")


STATUS_ASKED = {Asks.NOTE: Status.PUBLISHED, Asks.HOLD: Status.PENDING, Asks.REJECT: Status.REJECTED}


class Rule(models.Model):
    """One thing the newsroom looks for in what comes in, and what then happens."""

    name = models.CharField(max_length=LONGEST_NAME, unique=True)
    kind = models.CharField(max_length=12)  # a key of intake.kinds.KINDS
    params: models.JSONField[Any, Any] = models.JSONField(default=dict)  # as the kind's form cleaned them
    listings: models.ManyToManyField[Listing, Any] = models.ManyToManyField(Listing, blank=True, related_name="rules")
    state = models.CharField(max_length=5, choices=State.choices, default=State.OFF)
    # Where it speaks: in one section, under one story, or (neither) everywhere; switches say otherwise in places.
    section = models.ForeignKey(Section, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    story = models.ForeignKey(Story, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    spares_staff = models.BooleanField(default=True)  # staff, moderators and the story's author
    asks_for = models.CharField(max_length=6, choices=Asks.choices, default=Asks.HOLD)
    reason = models.CharField(max_length=12, choices=Reason.choices, blank=True)  # told to whom it rejects
    minutes = models.PositiveIntegerField(default=0)  # by how much it moves what it finds forward in a queue
    position = models.PositiveIntegerField(default=0)
    trial_since = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="rule_state_is_known"),
            models.CheckConstraint(condition=Q(asks_for__in=Asks.values), name="rule_asks_for_something_known"),
            models.CheckConstraint(condition=Q(section=None) | Q(story=None), name="rule_has_one_place"),
            models.CheckConstraint(
                condition=~Q(asks_for="reject") | Q(reason__in=COMPLAINTS), name="rule_rejects_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Switch(models.Model):
    """A rule turned on or off for one section or one story, against what it says of itself."""

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="switches")
    section = models.ForeignKey(Section, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    story = models.ForeignKey(Story, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    is_on = models.BooleanField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(section=None, story__isnull=False) | Q(section__isnull=False, story=None),
                name="switch_has_one_place",
            ),
            models.UniqueConstraint(fields=["rule", "section"], condition=Q(story=None), name="one_switch_a_section"),
            models.UniqueConstraint(fields=["rule", "story"], condition=Q(section=None), name="one_switch_a_story"),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} {'on' if self.is_on else 'off'} in {self.section or self.story}"


class Edition(models.Model):
    """One row: which edition of all rules and lists is in force. Every process reads the rest anew when it differs."""

    number = models.BigIntegerField(default=0)  # by chance, so that one that was taken back never comes again

    def __str__(self) -> str:
        return str(self.number)

    @classmethod
    def now(cls) -> int:
        """The number in force, 0 before there was a rule; one read of one row."""
        return cls.objects.filter(pk=1).values_list("number", flat=True).first() or 0

    @classmethod
    def next(cls) -> None:
        """Tell every process that something is different, with the transaction that makes it so."""
        cls.objects.update_or_create(pk=1, defaults={"number": secrets.randbits(62) | 1})


class Found(models.Model):
    """That a rule found something in a comment as it came in; the words of the finding are in the comment's flags."""

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="found")
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="+")
    on_trial = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["rule", "at"], name="found_rule"), models.Index(fields=["at"], name="found_at")]
        constraints = [models.UniqueConstraint(fields=["rule", "comment"], name="found_once")]

    def __str__(self) -> str:
        return f"{self.rule_id} in {self.comment_id}"


class Run(models.Model):
    """A rule applied in hindsight to the comments of a period: as a dry run, or to hold what it finds."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("of a dry run", "Waiting to begin")
        LOOKING = "looking", pgettext_lazy("of a dry run", "Looking through the comments")
        LOOKED = "looked", pgettext_lazy("of a dry run", "Done")
        HOLDING = "holding", pgettext_lazy("of a dry run", "Holding what it found")
        HELD = "held", pgettext_lazy("of a dry run", "What it found is held")
        FAILED = "failed", pgettext_lazy("of a dry run", "Failed")

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="runs")
    facts: models.JSONField[Any, Any] = models.JSONField(default=dict)  # the rule as it was: actions.facts_of
    since = models.DateTimeField()
    until = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    after = models.BigIntegerField(default=0)  # the last comment looked at, or held: the next one is behind it
    held = models.PositiveIntegerField(default=0)
    passed = models.PositiveIntegerField(default=0)  # left alone: no longer public, or a moderator has decided
    asked_at = models.DateTimeField(default=clock.now)
    heard_at = models.DateTimeField(default=clock.now)  # when it last said how far it is
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["rule", "-id"], name="run_rule"),
            models.Index(fields=["asked_at"], name="run_at"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "looking", "looked", "holding", "held", "failed"]),
                name="run_state_is_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule_id}: {self.done} of {self.total}"

    @property
    def share_done(self) -> int:
        """Of a hundred."""
        return 100 * self.done // self.total if self.total else 0


class RunFound(models.Model):
    """A comment that a run has found, with what it would have said."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="found")
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=300)
    spans: models.JSONField[Any, Any] = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "comment"], name="run_found_once")]

    def __str__(self) -> str:
        return f"{self.comment_id} in {self.run_id}"


def period_words(since: datetime, until: datetime) -> str:
    """A run's period for the record of changes."""
    return f"{since:%Y-%m-%d} to {until:%Y-%m-%d}"
