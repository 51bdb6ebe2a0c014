"""When each of the regular jobs ran last, so that each runs once, on whichever machine is first."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import models

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class Job(models.Model):
    """A regular job of the setting JOBS, by its dotted path."""

    name = models.CharField(max_length=200, primary_key=True)
    due = models.DateTimeField(default=LONG_AGO)  # the moment it last ran for, not the moment at which it did
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)  # None while it runs, and after it failed
    fault = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.name
