"""Fits how the parts' answers become one, on rows that neither part learned from and nothing else is measured on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

from broadsheet.scoring.measuring.metrics import threshold
from broadsheet.scoring.scorer import Blend, LocalScorer
from broadsheet.scoring.training.corpus import HEADS, SEVERE, THREAT, TOXIC, Row

SETS = ("jigsaw_multi", "jigsaw_binary", "wiki_context", "fox", "surge")
FALSE_ALARMS = 0.02
FIRM = 0.02  # how much factors far from their usual cost


def fit(rows: Sequence[Row], own: Sequence[Row], usual_comments: Sequence[Row], folder: Path) -> dict[str, Any]:
    """Each head's factors for transformer and words and what is added: with the transformer, and without it."""
    scorer = LocalScorer(folder, blends=False)
    everything = [*rows, *own]
    found = [scorer.apart(row.text) for row in everything]
    both: dict[str, list[float]] = {}
    words: dict[str, list[float]] = {}
    for head in HEADS:
        known = [at for at, row in enumerate(everything) if head in row.labels]
        labels = np.array([everything[at].labels[head] >= 0.5 for at in known], float)
        weights = np.array([everything[at].weight for at in known])
        by_words = np.array([found[at][0][head] for at in known])
        words[head] = _fitted([np.zeros_like(by_words), by_words], labels, weights, (0.0, 1.0))
        if found[0][1] is not None:
            learned = np.array([found[at][1][head] for at in known])  # type: ignore[index]
            usual = (0.6, 0.4) if head not in {THREAT, SEVERE} else (0.5, 0.5)
            both[head] = _fitted([learned, by_words], labels, weights, usual)
    harmless = [scorer.apart(row.text) for row in usual_comments]
    return {
        "both": both or words,
        "words": words,
        "threshold": {
            "both": _threshold(harmless, Blend(*(both or words)[TOXIC])),
            "words": _threshold(harmless, Blend(*words[TOXIC]), alone=True),
        },
    }


def _threshold(found: Sequence[Any], blend: Blend, *, alone: bool = False) -> float:
    """The logit that 2 % of harmless comments are above."""
    logits = [blend.logit(learned[TOXIC] if learned and not alone else None, words[TOXIC]) for words, learned in found]
    return round(threshold(np.array(logits), FALSE_ALARMS), 4)


def _fitted(
    parts: list[np.ndarray], labels: np.ndarray, weights: np.ndarray, usual: tuple[float, float]
) -> list[float]:
    """Logistic regression on two numbers; factors are not negative and stay near the usual ones where rows are few."""

    def cost(point: np.ndarray) -> float:
        logits = point[0] * parts[0] + point[1] * parts[1] + point[2]
        each = np.logaddexp(0, logits) - labels * logits
        far = (point[0] - usual[0]) ** 2 + (point[1] - usual[1]) ** 2
        return float((each * weights).sum() / weights.sum() + FIRM * far)

    start = np.array([*usual, 0.0])
    bounds = [(0, 3), (0, 3), (-6, 6)]
    point = minimize(cost, start, bounds=bounds, method="L-BFGS-B").x
    return [round(float(number), 4) if math.isfinite(number) else 0.0 for number in point]
