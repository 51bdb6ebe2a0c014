"""What was learned from decisions, measured on those kept aside, and whether it may answer: not when it has got worse,
and not when harmless sentences would be held for the word that says who somebody is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from broadsheet.scoring.answers import Scorer
from broadsheet.scoring.learning import INAPPROPRIATE, Example, Learned
from broadsheet.scoring.measuring import fairness
from broadsheet.scoring.measuring.bias import MOST_FLAGGED
from broadsheet.scoring.measuring.fairness import FEWEST_IN_LANGUAGE, MOST_FALSE_ALARMS
from broadsheet.scoring.measuring.metrics import auc, figure, proportion, threshold

LEAST_SLACK = 0.005  # of an AUC: what is called no loss, however many decisions were kept aside


@dataclass(frozen=True)
class Verdict:
    """The figures as JSON carries them, and why the state may not answer: a code and what it is about, or nothing."""

    figures: dict[str, Any]
    reason: str = ""  # "unmeasured", "lower", "below base", "not better", "term"
    about: dict[str, Any] = field(default_factory=dict)


def judge(
    examples: Sequence[Example], now: Learned, before: Learned | None, scorer: Scorer, *, must_be_better: bool = False
) -> Verdict:
    """Measure a state that was just learned beside what is in force and the base model alone.

    `must_be_better`: a person put the one in force there, so that not being worse is not enough.
    """
    known = [example for example in examples if INAPPROPRIATE in example.said]
    labels = np.array([example.said[INAPPROPRIATE] for example in known], bool)
    aside = np.array([example.kept_aside for example in known], bool)
    scores = {"base": _placed(known, None, now), "now": _placed(known, now, now)}
    if before is not None:
        scores["before"] = _placed(known, before, now)
    figures: dict[str, Any] = {
        "decisions": len(known),
        "rejected": int(labels.sum()),
        "kept_aside": {"rows": int(aside.sum()), "rejected": int(labels[aside].sum())},
        "auc": {name: _auc(labels[aside], found[aside]) for name, found in scores.items()},
        "precision": {name: _precision(labels, found, aside) for name, found in scores.items()},
        "languages": _by_language(known, labels, aside, scores, now),
    }
    reason, about = _why_worse(figures, must_be_better=must_be_better)
    if not reason:
        approved = fairness.Approved([example.look for example in known], ~labels, scores)
        figures["terms"] = told = fairness.worst(now, scorer, approved)
        figures["supposed"] = supposed = fairness.worst_supposed(now, before, scorer, approved)
        if told["share"] > MOST_FLAGGED:
            reason, about = "term", told
        elif supposed["refused"]:
            reason, about = "term", supposed
    return Verdict(figures, reason, about)


def _placed(known: Sequence[Example], state: Learned | None, now: Learned) -> np.ndarray:
    """Each comment's logit; where nothing is known of one, what is usual in its language."""
    found = [state.logit(each.look, INAPPROPRIATE) if state else each.look.base.get(INAPPROPRIATE) for each in known]
    return np.array(
        [now.usual(INAPPROPRIATE, each.look.language) if logit is None else logit
         for each, logit in zip(known, found, strict=True)]
    )  # fmt: skip


def _auc(labels: np.ndarray, scores: np.ndarray) -> list[float] | None:
    """The figure and its interval; None where one sort is missing."""
    return figure(auc, labels, scores).told() if labels.any() and not labels.all() else None


def _precision(labels: np.ndarray, scores: np.ndarray, aside: np.ndarray) -> list[float] | None:
    """Of what would be held with one false alarm in fifty, how much people rejected: share, interval, how many held."""
    if labels.all():
        return None
    held = (scores > threshold(scores[~labels], MOST_FALSE_ALARMS)) & aside
    if not held.any():
        return None
    return [*proportion(int(labels[held].sum()), int(held.sum())).told(), int(held.sum())]


def _by_language(
    known: Sequence[Example], labels: np.ndarray, aside: np.ndarray, scores: Mapping[str, np.ndarray], now: Learned
) -> dict[str, Any]:
    """Decisions, rejections, how far what was learned is believed and figures, by language; the most frequent first."""
    spoken = np.array([example.look.language for example in known])
    told = {}
    for language in sorted(set(spoken), key=lambda code: (-(spoken == code).sum(), code)):
        of = spoken == language
        told[str(language)] = {
            "decisions": int(of.sum()),
            "rejected": int(labels[of].sum()),
            "believed": round(now.believed(INAPPROPRIATE, str(language)), 3),
            "auc": {
                name: _auc(labels[of & aside], found[of & aside]) if (of & aside).sum() >= FEWEST_IN_LANGUAGE else None
                for name, found in scores.items()
            },
        }
    return told


def _why_worse(figures: Mapping[str, Any], *, must_be_better: bool) -> tuple[str, dict[str, Any]]:
    """Half of what one rejected comment can move the AUC by is chance; so is half a hundredth."""
    found = {name: told[0] for name, told in figures["auc"].items() if told}
    if "now" not in found:
        return "unmeasured", {}
    aside = figures["kept_aside"]
    slack = max(LEAST_SLACK, 0.5 / min(aside["rejected"], aside["rows"] - aside["rejected"]))
    now, before = found["now"], found.get("before")
    about = {"now": now, "slack": round(slack, 4)}
    if before is not None and must_be_better and now <= before + slack:
        return "not better", about | {"before": before}
    if before is not None and now < before - slack:
        return "lower", about | {"before": before}
    if now < found["base"] - slack:
        return "below base", about | {"before": found["base"]}
    return "", {}
