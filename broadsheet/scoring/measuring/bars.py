"""What the scorer was asked for before it was measured, and whether the model card's figures say that it does it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Card = dict[str, Any]


@dataclass(frozen=True)
class Bar:
    """A figure that was asked for."""

    name: str
    asked: float
    where: tuple[str, ...]  # of the card; a list there is a figure with its interval
    at_most: bool = False


@dataclass(frozen=True)
class Judged:
    """What came out beside what was asked for."""

    bar: Bar
    found: float
    low: float | None = None  # the interval's ends, where there is one
    high: float | None = None

    @property
    def met(self) -> bool:
        return self.found <= self.bar.asked if self.bar.at_most else self.found >= self.bar.asked

    @property
    def by_chance(self) -> bool:
        """Whether what was asked for lies within the interval: another sample could have said the opposite."""
        return self.low is not None and self.high is not None and self.low <= self.bar.asked <= self.high


BARS = (
    Bar("talk", 0.975, ("wikipedia talk", "auc")),
    Bar("perspective auc", 0.0, ("beside Perspective", "auc", "difference")),
    Bar("perspective precision", 0.0, ("beside Perspective", "average precision", "difference")),
    Bar("tf-idf fox", 0.03, ("beside TF-IDF", "fox", "difference")),
    Bar("tf-idf c3", 0.03, ("beside TF-IDF", "c3", "difference")),
    Bar("tf-idf ucc", 0.03, ("beside TF-IDF", "ucc", "difference")),
    Bar("functions", 0.70, ("functions", "accuracy")),
    Bar("harmless functions", 0.60, ("functions", "harmless")),
    Bar("flagged", 0.10, ("bias", "most flagged"), at_most=True),
    Bar("bpsn", 0.85, ("bias", "least bpsn")),
    Bar("relevance by headline", 0.90, ("relevance", "by headline and summary (fox)", "auc")),
    Bar(
        "relevance beside others",
        0.90,
        ("relevance", "by headline and summary, the other nine stories named (fox)", "auc"),
    ),
    Bar("relevance by all", 0.90, ("relevance", "by all that a site knows (fox)", "auc")),
    Bar("relevance by comments", 0.90, ("relevance", "by its comments (c3)", "auc")),
    Bar("disguises", 0.03, ("disguises", "worst"), at_most=True),
    Bar("speed", 100, ("speed", "comments a second")),
    Bar("memory", 300, ("speed", "megabytes of memory"), at_most=True),
    Bar("weights", 35, ("speed", "megabytes of weights"), at_most=True),
    Bar("start", 2, ("speed", "seconds to the first score"), at_most=True),
)


def judged(card: Card) -> list[Judged]:
    """Each bar that the card has a figure for, in the order above."""
    return [one for bar in BARS if (one := _judge(bar, card)) is not None]


def _judge(bar: Bar, card: Card) -> Judged | None:
    found: Any = card
    for name in bar.where:
        found = found.get(name) if isinstance(found, dict) else None
    if isinstance(found, list):
        return Judged(bar, *found)
    return Judged(bar, float(found)) if isinstance(found, int | float) else None
