"""Figures with their intervals, in numpy alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

SEED = 5
DRAWS = 400
Measure = Callable[[NDArray[Any], NDArray[Any]], float]


@dataclass(frozen=True)
class Figure:
    """A figure and where 95 % of the resampled ones lie."""

    value: float
    low: float
    high: float

    def told(self) -> list[float]:
        return [round(self.value, 4), round(self.low, 4), round(self.high, 4)]


def auc(labels: NDArray[Any], scores: NDArray[Any]) -> float:
    """How often a positive stands above a negative; half for ties."""
    labels = np.asarray(labels, bool)
    positive, negative = int(labels.sum()), int((~labels).sum())
    if not positive or not negative:
        return float("nan")
    _, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks = (ends - (counts - 1) / 2)[place]
    return float((ranks[labels].sum() - positive * (positive + 1) / 2) / (positive * negative))


def average_precision(labels: NDArray[Any], scores: NDArray[Any]) -> float:
    """The area under precision against recall."""
    order = np.argsort(-np.asarray(scores), kind="stable")
    sorted_labels, sorted_scores = np.asarray(labels, bool)[order], np.asarray(scores)[order]
    if not sorted_labels.any():
        return float("nan")
    last = np.append(np.diff(sorted_scores) != 0, True)  # those with the same score come together
    found = np.cumsum(sorted_labels)[last]
    precision = found / (np.flatnonzero(last) + 1)
    gained = np.diff(np.concatenate([[0], found])) / sorted_labels.sum()
    return float((precision * gained).sum())


def recall_at(labels: NDArray[Any], scores: NDArray[Any], false_alarms: float = 0.02) -> float:
    """The share of positives above the threshold that so many negatives are above too."""
    labels = np.asarray(labels, bool)
    return float((np.asarray(scores)[labels] > threshold(np.asarray(scores)[~labels], false_alarms)).mean())


def threshold(harmless: NDArray[Any], false_alarms: float = 0.02) -> float:
    """The score that so great a share of harmless ones is above."""
    return float(np.quantile(harmless, 1 - false_alarms, method="higher"))


def figure(measure: Measure, labels: ArrayLike, scores: ArrayLike, draws: int = DRAWS) -> Figure:
    """A figure with its interval: positives and negatives drawn again, each with replacement."""
    known, given = np.asarray(labels, bool), np.asarray(scores, float)
    dice = np.random.default_rng(SEED)
    positive, negative = np.flatnonzero(known), np.flatnonzero(~known)
    drawn = []
    for _ in range(draws):
        rows = np.concatenate([dice.choice(positive, len(positive)), dice.choice(negative, len(negative))])
        drawn.append(measure(known[rows], given[rows]))
    low, high = np.nanquantile(drawn, [0.025, 0.975])
    return Figure(measure(known, given), float(low), float(high))


def difference(measure: Measure, labels: ArrayLike, ours: ArrayLike, theirs: ArrayLike, draws: int = DRAWS) -> Figure:
    """How much better ours is on the same rows, with the interval of the paired difference."""
    known, first, second = np.asarray(labels, bool), np.asarray(ours, float), np.asarray(theirs, float)
    dice = np.random.default_rng(SEED)
    positive, negative = np.flatnonzero(known), np.flatnonzero(~known)
    drawn = []
    for _ in range(draws):
        rows = np.concatenate([dice.choice(positive, len(positive)), dice.choice(negative, len(negative))])
        drawn.append(measure(known[rows], first[rows]) - measure(known[rows], second[rows]))
    low, high = np.nanquantile(drawn, [0.025, 0.975])
    return Figure(measure(known, first) - measure(known, second), float(low), float(high))


def proportion(hits: int, of: int) -> Figure:
    """A share with its Wilson interval."""
    if not of:
        return Figure(float("nan"), float("nan"), float("nan"))
    share, z = hits / of, 1.96
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z * ((share * (1 - share) / of + z * z / (4 * of * of)) ** 0.5) / (1 + z * z / of)
    return Figure(share, max(0.0, middle - half), min(1.0, middle + half))
