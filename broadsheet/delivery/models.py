"""The one table of delivery: which version of what a tag stands for is the newest."""

from __future__ import annotations

from django.db import models


class Version(models.Model):
    """What names the newest version under one tag ("story:12", "fronts"): a number drawn by lot, not a count."""

    tag = models.CharField(max_length=80, primary_key=True)
    number = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.tag} {self.number}"
