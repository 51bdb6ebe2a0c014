"""What was learned from decisions, measured on those kept aside, and whether it may answer: not when it has got worse,
and not when harmless sentences would be held for the word that says who somebody is.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from broadsheet.scoring.answers import Scorer
from broadsheet.scoring.identities import TERMS
from broadsheet.scoring.learning import INAPPROPRIATE, Example, Learned, Look, look
from broadsheet.scoring.measuring import cases
from broadsheet.scoring.measuring.bias import MOST_FLAGGED
from broadsheet.scoring.measuring.metrics import auc, figure, proportion, threshold

LEAST_SLACK = 0.005  # of an AUC: what is called no loss, however many decisions were kept aside
FEWEST_APPROVED = 100  # before the newsroom's own threshold is known well enough to look at the sentences with
FEWEST_IN_LANGUAGE = 20  # kept aside, of either sort together, before a language has a figure of its own
MOST_FALSE_ALARMS = 0.02


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
        figures["terms"] = told = _terms(now, scorer, labels, scores)
        if told["share"] > MOST_FLAGGED:
            reason, about = "term", told
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


# --- Sentences that name who somebody is ------------------------------------------------------------------------------


def _terms(now: Learned, scorer: Scorer, labels: np.ndarray, scores: Mapping[str, np.ndarray]) -> dict[str, Any]:
    """The term of whose harmless sentences most would be held, and their share.

    At the threshold that 2 % of the newsroom's approved comments are above; but where these are so tame that the base
    model alone would hold many of the sentences there, at the lowest at which it holds few, moved as the threshold was.
    """
    sentences = _sentences(scorer)
    fair, own, moved = max(_fair(looks) for looks in sentences.values()), -math.inf, 0.0
    if (~labels).sum() >= FEWEST_APPROVED:
        own = threshold(scores["now"][~labels], MOST_FALSE_ALARMS)
        moved = own - threshold(scores["base"][~labels], MOST_FALSE_ALARMS)
    at = max(own, fair + moved)
    share = {term: float(np.mean([_known(now, seen) > at for seen in looks])) for term, looks in sentences.items()}
    worst = max(share, key=lambda term: share[term])
    return {"term": worst, "share": round(share[worst], 4)}


def _fair(looks: Sequence[Look]) -> float:
    """The lowest threshold at which the base model holds half as many of a term's sentences as the gate allows."""
    logits = sorted((seen.base.get(INAPPROPRIATE, -math.inf) for seen in looks), reverse=True)
    return logits[int(MOST_FLAGGED / 2 * len(logits))]


def _known(now: Learned, seen: Look) -> float:
    logit = now.logit(seen, INAPPROPRIATE)
    return -math.inf if logit is None else logit


_SENTENCES: dict[str, dict[str, list[Look]]] = {}  # by the base model's name


def _sentences(scorer: Scorer) -> dict[str, list[Look]]:
    """The harmless sentences of each term as the base model sees them: half a minute of work, once a process."""
    if scorer.name not in _SENTENCES:
        texts = {term.word: [text for _, text in cases.said_of(term)] for term in TERMS}
        _SENTENCES[scorer.name] = {term: list(map(look, some, scorer.score(some))) for term, some in texts.items()}
    return _SENTENCES[scorer.name]
