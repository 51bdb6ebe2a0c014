"""From where on spam is held, and what is found there: by the rule of the other threshold, in each way it may come.

Two of a hundred harmless comments may stand above (`recipe.usual`, which nobody learned from). They came without a word
on how they came in, and that counts for more than words: so each is looked at four times, with its words known and as
if it were in a language that nobody has learned, from nobody in particular and from an account of a few minutes.
The way in which harmless comments look most like spam decides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from broadsheet.scoring.answers import Facts
from broadsheet.scoring.measuring.metrics import proportion, threshold
from broadsheet.scoring.scorer import LocalScorer
from broadsheet.scoring.spam import spam
from broadsheet.scoring.training import corpus, recipe
from broadsheet.scoring.training.corpus import TOXIC

NEW = Facts(account_minutes=4.0)
STEP = 1e-6  # values are rounded to it; "above" is that much more
ELSEWHERE = ("c3", "ucc")  # comments under news that only measure
MOST_ROWS = 2_000
Way = Callable[[Sequence[str]], np.ndarray]


def measure(data: Path) -> dict[str, Any]:
    """Each way's threshold and the one that counts; of spam kept aside what is found, and what is held wrongly."""
    scorer = LocalScorer(transformer=False)  # spam is none of its business
    ways = _ways(scorer)
    harmless = [row.text for row in recipe.usual(data)]
    limits = {name: round(threshold(way(harmless)) + STEP, 6) for name, way in ways.items()}
    at = max(limits.values())
    sets = {name: _set(corpus.held(name, data), ways, at) for name in recipe.SPAM_SETS}
    for name in ELSEWHERE:
        rows = sorted((row for row in corpus.held(name, data) if row.labels[TOXIC] < 0.5), key=lambda row: row.key)
        sets[name] = _set(rows[:MOST_ROWS], ways, at)
    return {"threshold": at, "rows": len(harmless), "ways": limits, "sets": sets}


def _ways(scorer: LocalScorer) -> dict[str, Way]:
    def known(facts: Facts | None) -> Way:
        return lambda texts: np.array([scorer.score([text], (), [facts])[0].spam.value for text in texts])

    def unknown(facts: Facts | None) -> Way:
        return lambda texts: np.array([spam(text, None, (), facts).value for text in texts])

    return {
        "words known": known(None),
        "words known, new account": known(NEW),
        "words unknown": unknown(None),
        "words unknown, new account": unknown(NEW),
    }


def _set(rows: Sequence[corpus.Row], ways: dict[str, Way], at: float) -> dict[str, Any]:
    """Of spam the share found, of the rest the share held: with its words alone, and from a new account."""
    found = [row.text for row in rows if row.labels.get("spam", 0.0) >= 0.5]
    other = [row.text for row in rows if row.labels.get("spam", 0.0) < 0.5]
    told: dict[str, Any] = {"spam": len(found), "harmless": len(other)}
    for name in ("words known", "words known, new account"):
        for what, texts in (("found", found), ("held wrongly", other)):
            if texts:
                above = int((ways[name](texts) >= at).sum())
                told[f"{what}, {name}"] = [round(each, 4) for each in proportion(above, len(texts)).told()]
    return told
