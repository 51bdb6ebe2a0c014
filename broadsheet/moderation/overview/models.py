"""What the overview remembers: a row of numbers a day, the blind sample, and the settings as they were seen last."""

from __future__ import annotations

from typing import Any

from django.db import models

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.stories.models import Section


class Day(models.Model):
    """What was done at the desk on one day of the newsroom's clock, in numbers that name nobody."""

    day = models.DateField(primary_key=True)
    figures: models.JSONField[Any, Any] = models.JSONField(default=dict)  # as overview.figures.counted has them
    counted_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.day}"


class DayIn(models.Model):
    """The same of what was done about one section's discussions."""

    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    figures: models.JSONField[Any, Any] = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "section"], name="one_row_a_day_and_section")]

    def __str__(self) -> str:
        return f"{self.section_id} on {self.day}"


class DayOf(models.Model):
    """How much one moderator did on one day: for themselves and for supervisors."""

    moderator = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="desk_days")
    day = models.DateField()
    acts = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["moderator", "day"], name="one_row_a_moderator_and_day")]
        indexes = [models.Index(fields=["day"], name="dayof_day")]

    def __str__(self) -> str:
        return f"{self.moderator_id} on {self.day}"


class Sampled(models.Model):
    """A decided comment that was drawn for the blind sample: other moderators say what they would have done."""

    comment = models.OneToOneField("discussion.Comment", on_delete=models.CASCADE, related_name="sampled")
    decision = models.ForeignKey("moderation.Decision", on_delete=models.PROTECT, related_name="+")  # the one compared
    day = models.DateField(db_index=True)  # on which it was decided

    def __str__(self) -> str:
        return f"{self.comment_id} of {self.day}"


class KnownSetting(models.Model):
    """A setting of the newsroom as it was at the last start; of a secret one only by what it is told apart."""

    name = models.CharField(max_length=60, primary_key=True)
    value = models.TextField(blank=True)  # empty for a secret
    digest = models.CharField(max_length=64, blank=True)  # keyed; empty unless it is a secret

    def __str__(self) -> str:
        return self.name
