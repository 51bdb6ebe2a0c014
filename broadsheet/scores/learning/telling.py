"""Versions in words, for the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from broadsheet.moderation.overview.charts import percent
from broadsheet.scores.learning.models import Standing, Version


@dataclass(frozen=True)
class Beside:
    """A figure of the scorer as it came and with what was learned, each with its range; empty where it is unknown."""

    base: str = ""
    now: str = ""


@dataclass(frozen=True)
class Told:
    """A version as the page shows it."""

    version: Version
    ranks: Beside  # how often a rejected comment stands above one that was let stand
    right: Beside  # of what would be held, how much was rejected
    reason: str
    languages: list[dict[str, Any]]

    @property
    def may_return(self) -> bool:
        """Whether one can go back to it."""
        return self.version.standing in {Standing.KEPT, Standing.LEFT}


def told(version: Version) -> Told:
    """A version with its figures in words."""
    figures = version.figures
    return Told(
        version,
        _beside(figures.get("auc", {})),
        _beside(figures.get("precision", {})),
        _reason(version),
        [
            {"code": code, **some, "believed": percent(some["believed"]), "ranks": _beside(some["auc"])}
            for code, some in figures.get("languages", {}).items()
        ],
    )


def _beside(figures: dict[str, list[float] | None]) -> Beside:
    return Beside(_figure(figures.get("base")), _figure(figures.get("now")))


def _figure(figure: list[float] | None) -> str:
    if not figure:
        return ""
    value, low, high = (percent(each) for each in figure[:3])
    return _("%(value)s (%(low)s to %(high)s)") % {"value": value, "low": low, "high": high}


def _reason(version: Version) -> str:
    """Why it was refused, in a sentence."""
    about = {name: percent(number) for name, number in version.about.items() if isinstance(number, (int, float))}
    sentences = {
        "unmeasured": _("Too few of the comments kept aside were rejected or let stand to measure it with."),
        "lower": _(
            "It puts a rejected comment above one that was let stand in %(now)s of cases; "
            "the version in force does in %(before)s."
        ),
        "below base": _(
            "It puts a rejected comment above one that was let stand in %(now)s of cases; "
            "the scorer as it came does in %(before)s."
        ),
        "not better": _(
            "Somebody chose the version in force, which is right in %(before)s of cases; "
            "this one is in %(now)s, which is not clearly better."
        ),
        "term": _("It would hold %(share)s of harmless sentences that say “%(term)s”."),
    }
    sentence = sentences.get(version.reason, "")
    return sentence % {**about, "term": version.about.get("term", "")} if sentence else ""
