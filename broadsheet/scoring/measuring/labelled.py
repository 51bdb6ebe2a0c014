"""How often the detectors are right, on comments that one annotator labelled; some of them twice, and another one too.

Only which rows they are and their labels are kept: the comments' licence does not let them into this package. Whoever
has the sets beside them can measure again.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from broadsheet.scoring import detectors
from broadsheet.scoring.measuring.metrics import auc, proportion
from broadsheet.scoring.training import corpus

FILE = Path(__file__).parent / "labelled.json"
ASKED = {"anecdote": "anecdote", "data": "data", "opinion": "reasons"}  # the detector: what was asked of the row


def measure(data: Path) -> dict[str, Any]:
    """For each portion of rows, how detectors and labels agree, and how the two labellings do."""
    stored = json.loads(FILE.read_text("utf-8"))
    texts = {row.key: row.text for name in ("c3", "ucc", "fox") for row in corpus.rows(name, data)}
    told: dict[str, Any] = {"who": stored["who"]}
    for portion in stored["portions"]:
        rows = [row for row in portion["rows"] if row["row"] in texts]
        found = [detectors.advances(texts[row["row"]]) for row in rows]
        told[portion["name"]] = {
            "what": portion["what"],
            "rows": len(rows),
            **{detector: _one(detector, asked, rows, found) for detector, asked in ASKED.items()},
        }
        if portion.get("earlier"):
            told[portion["name"]]["earlier"] = portion["earlier"]
    return told


def _one(detector: str, asked: str, rows: list[dict[str, Any]], found: list[Any]) -> dict[str, Any]:
    first = np.array([asked in row["first"] for row in rows])
    scores = np.array([answers[detector].value for answers in found])
    said = scores >= detectors.FOUND
    told: dict[str, Any] = {
        "positive": int(first.sum()),
        "found": int(said.sum()),
        **_right(first, said),
        "auc": round(auc(first, scores), 4),
    }
    for key, name in (("second", "second labelling"), ("other", "other annotator")):
        if all(key in row for row in rows):
            other = np.array([asked in row[key] for row in rows])
            told[name] = {
                "positive": int(other.sum()),
                "differs": int((first != other).sum()),
                "kappa": round(_kappa(first, other), 3),
                **_right(other, said),
            }
    if "other annotator" in told:
        same = first == other
        told["where both say the same"] = {
            "rows": int(same.sum()),
            "positive": int(first[same].sum()),
            **_right(first[same], said[same]),
        }
    return told


def _right(labels: np.ndarray, said: np.ndarray) -> dict[str, Any]:
    """How many of those found were labelled so, and how many of those labelled so were found."""
    both = int((labels & said).sum())
    return {
        "precision": proportion(both, int(said.sum())).told(),
        "recall": proportion(both, int(labels.sum())).told(),
    }


def _kappa(first: np.ndarray, second: np.ndarray) -> float:
    agree = float((first == second).mean())
    chance = float(first.mean() * second.mean() + (1 - first.mean()) * (1 - second.mean()))
    return (agree - chance) / (1 - chance) if chance < 1 else 1.0
