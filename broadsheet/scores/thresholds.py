"""From where on a score counts: read from the newsroom's own approved comments, or set by a person.

A threshold is told by its false alarms: at two of a hundred, two of a hundred comments that this newsroom has approved
stand above it. A newsroom without enough of them goes by what the scorer's makers found on other people's comments.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from broadsheet.scores.asking import asker
from broadsheet.scores.models import Kind, Threshold, Use
from broadsheet.scoring.spam import HELD_FROM, NOTHING_KNOWN

LEAST = 200  # approved comments from which on two of a hundred of them say something
TOP = 100  # of a thousand: where the top of a queue begins
STEP = 1e-6  # scores are rounded to it
# What counts in a newsroom without comments of its own where the scorer brings no figure: (hold, top). We chose these.
CHOSEN = (0.9, 0.5)
# For spam, whichever model answers. The top tenth of harmless comments begins there too, where their words are unknown.
SPAM = (HELD_FROM, HELD_FROM)
# No threshold is read lower than this. Those who are often approved write harmless comments that are still less like
# spam, so two of a hundred of theirs stood where every newcomer does.
LEAST_VALUE: dict[str, float] = {Kind.SPAM: NOTHING_KNOWN + STEP}
# Where the top tenth of harmless comments begins, by the scorer's first part: measured with the weights that ship, on
# the 1,652 comments of scoring.training.recipe.usual that its 2 % threshold was read from.
TOP_TENTH = {"transformer": 0.114, "ngrams": 0.222}


@dataclass(frozen=True)
class Scale:
    """Where approved comments stand with one model; `values[p]` is what at most p of a thousand of them reach."""

    values: Sequence[float]
    comments: int
    language: str = ""

    def at(self, permille: int) -> float:
        """The threshold that gives so many false alarms of a thousand."""
        return self.values[min(permille, 1000)]

    def above(self, value: float) -> int:
        """How many of a thousand approved comments stand as high as this or higher."""
        return bisect_right([-each for each in self.values], -value - STEP / 2) if value < self.values[0] else 0


@dataclass(frozen=True)
class Limits:
    """From where on a score of one kind is held, and from where on it is looked at first."""

    hold: float
    top: float
    scale: Scale | None = None  # None: the newsroom has too few approved comments; the scorer's own figure counts
    is_fixed: bool = False  # a person has set where comments are held
    is_least: bool = False  # so many false alarms would put it where nothing speaks for it any more

    def stands(self, value: float) -> int | None:
        """How many of a thousand approved comments stand as high; None where there are too few to tell."""
        return self.scale.above(value) if self.scale else None


def scale_of(values: Sequence[float]) -> list[float]:
    """For p of a thousand from 0 to 1000 the lowest value that at most so many of these reach."""
    falling = sorted(values, reverse=True)
    made = []
    for permille in range(1001):
        place = math.floor(len(falling) * permille / 1000)
        made.append(round(falling[place] + STEP, 6) if place < len(falling) else 0.0)
    return made


class Limited:
    """The limits in force for what one model says."""

    def __init__(self, model: str, use: Use) -> None:
        self._scales, self._use = _scales(model), use

    def of(self, kind: str, language: str = "") -> Limits:
        """For comments in that language: read from those in it where there are enough, else from all."""
        rate, fixed = self._use.false_alarms, self._use.fixed(kind)
        scale = self._scales.get((kind, language)) or self._scales.get((kind, ""))
        if scale is None or scale.comments < LEAST:
            hold, top = scale.values if scale and kind != Kind.SPAM else shipped()[kind]
            scale = None
        else:
            hold, top = scale.at(rate), scale.at(max(TOP, rate))
        least = LEAST_VALUE.get(kind, 0.0)
        is_least, hold, top = hold < least, max(hold, least), max(top, least)
        if fixed is not None:
            return Limits(fixed, min(top, fixed), scale, is_fixed=True)
        return Limits(hold, top, scale, is_least=is_least)

    def languages_of(self, kind: str) -> list[str]:
        """ "" for all together, then those with a threshold of their own."""
        return ["", *sorted(language for each, language in self._scales if each == kind and language)]

    def comments_of(self, kind: str, language: str) -> int:
        """How many approved comments there were when thresholds were read last."""
        scale = self._scales.get((kind, language))
        return scale.comments if scale else 0


_kept: dict[str, tuple[tuple[int, datetime] | None, dict[tuple[str, str], Scale]]] = {}


def _scales(model: str) -> dict[tuple[str, str], Scale]:
    """The latest scales of a model by kind and language; read anew when there is a later one."""
    rows = Threshold.objects.filter(model=model)
    latest = rows.order_by("-pk").values_list("pk", "made_at").first()
    if model not in _kept or _kept[model][0] != latest:
        last = rows.order_by().values_list("kind", "language").annotate(last=Max("pk")).values_list("last", flat=True)
        found = Threshold.objects.in_bulk(list(last)).values()
        _kept.clear()  # one model answers at a time
        _kept[model] = latest, {(row.kind, row.language): Scale(row.scale, row.comments, row.language) for row in found}
    return _kept[model][1]


def shipped() -> dict[str, tuple[float, float]]:
    """(hold, top) by kind for a newsroom without comments of its own: what the scorer in this process brings."""
    scorer = asker().scorer
    logit = getattr(scorer, "threshold", None)
    if scorer is None or logit is None:
        return {Kind.INAPPROPRIATE: CHOSEN, Kind.SPAM: SPAM}
    hold = round(1 / (1 + math.exp(-logit)), 6)
    return {Kind.INAPPROPRIATE: (hold, min(hold, TOP_TENTH.get(scorer.parts[0], hold / 2))), Kind.SPAM: SPAM}


def keep_shipped(model: str) -> None:
    """Keep what the scorer brings, so that processes that have not loaded it know it too."""
    if not Threshold.objects.filter(model=model).exists():
        Threshold.objects.bulk_create(
            Threshold(kind=kind, model=model, comments=0, scale=list(limits)) for kind, limits in shipped().items()
        )


def latest_shipped(model: str) -> dict[str, list[float]]:
    """The same as it was kept, for a process that has not loaded the scorer."""
    kept = Threshold.objects.filter(model=model, language="", comments__lt=LEAST).order_by("pk")
    ours = {kind: list(limits) for kind, limits in shipped().items()}
    return ours | dict(kept.exclude(kind=Kind.SPAM).values_list("kind", "scale"))
