"""Scores comments on the machine it runs on: what may be inappropriate or spam, what advances the story, and why.

It knows no Django and no database; `load()` gives the best scorer that is installed.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from broadsheet.scoring.answers import Scorer


@cache
def load(folder: Path | None = None, likely: str = "en") -> Scorer:
    """The best scorer that is installed; `name` and `parts` of it say what answers.

    With onnxruntime and tokenizers (the extra `scorer`) a transformer and hashed n-grams answer together, without them
    the n-grams alone; where even numpy or the weights are missing, the detectors answer and the rest is unknown.
    `likely` is the language of what is too short to tell.
    """
    try:
        from broadsheet.scoring.scorer import LocalScorer

        return LocalScorer(folder, likely=likely) if folder else LocalScorer(likely=likely)
    except (ImportError, FileNotFoundError):
        from broadsheet.scoring.plain import PlainScorer

        return PlainScorer(likely)
