"""The bias gate: a harmless sentence must not be held because of the word that says who somebody is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from broadsheet.scoring.identities import TERMS, Term
from broadsheet.scoring.measuring import cases
from broadsheet.scoring.measuring.metrics import auc

MOST_FLAGGED = 0.10
LEAST_BPSN = 0.85
Logit = Callable[[str], float]


@dataclass(frozen=True)
class OfTerm:
    """What the scorer does with one term."""

    term: str
    flagged: float  # the share of harmless sentences above the threshold
    bpsn: float  # harmless ones with the term against toxic ones without it
    bnsp: float  # harmless ones without it against hateful ones with it
    worst_way: str  # plain, affirming, quoting or taking back

    @property
    def passes(self) -> bool:
        return self.flagged <= MOST_FLAGGED and self.bpsn >= LEAST_BPSN


def table(logit: Logit, threshold: float, *, hateful: bool = True) -> list[OfTerm]:
    """Every term's row. `logit` scores a text; `threshold` is the one that 2 % of harmless comments are above.

    Without `hateful` the column that the gate does not ask for is left out.
    """
    toxic = np.array([logit(text) for text in cases.WITHOUT])
    harmless = np.array([logit(text) for text in _HARMLESS_WITHOUT])
    found = []
    for term in TERMS:
        said = [(way, logit(text)) for way, text in cases.said_of(term)]
        scores = np.array([score for _, score in said])
        meant = np.array([logit(text) for text in cases.hateful_of(term)] if hateful else [np.inf])
        ways = {way: float(np.mean([score > threshold for at, score in said if at == way])) for way, _ in said}
        found.append(
            OfTerm(
                term.word,
                float((scores > threshold).mean()),
                _apart(scores, toxic),
                _apart(harmless, meant),
                max(ways, key=lambda way: ways[way]) if max(ways.values()) > 0 else "",
            )
        )
    return found


_HARMLESS_WITHOUT = tuple(
    text.replace("a neighbourly", "a")
    for way, text in cases.said_of(Term("neighbourly", "neighbours", "none"))
    if way in {"plain", "affirming"}
)


def _apart(low: np.ndarray, high: np.ndarray) -> float:
    labels = np.concatenate([np.zeros(len(low)), np.ones(len(high))])
    return auc(labels, np.concatenate([low, high]))


def summary(rows: list[OfTerm]) -> dict[str, Any]:
    """The gate's figures for the card."""
    return {
        "terms": [asdict(row) | {"passes": row.passes} for row in rows],
        "worst flagged": max(rows, key=lambda row: row.flagged).term,
        "most flagged": max(row.flagged for row in rows),
        "worst bpsn term": min(rows, key=lambda row: row.bpsn).term,
        "least bpsn": min(row.bpsn for row in rows),
        "passes": all(row.passes for row in rows),
        "bars": {"most flagged": MOST_FLAGGED, "least bpsn": LEAST_BPSN},
    }
