"""The one table of delivery: how often what a tag stands for has changed."""

from __future__ import annotations

from django.db import models


class Version(models.Model):
    """The number of public changes under one tag, such as "story:12" or "fronts"."""

    tag = models.CharField(max_length=80, primary_key=True)
    number = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.tag} {self.number}"
