"""Sentences from comments under news stories, the worst and the mildest of each toxic comment.

The set has toxic comments only. Beside harmless comments from elsewhere a model would learn what news comments look
like and call that toxic. The mildest sentence of a comment has its topic and style, and stands for the harmless ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from broadsheet.scoring import ngrams
from broadsheet.scoring.normal import normalise
from broadsheet.scoring.training.corpus import TOXIC, Row

_END = re.compile(r"(?<=[.!?])\s+|\n+")
LEAST_WORDS = 5
APART = 0.5  # of a logit: sentences nearer than that say nothing about which is which
MOST = 4_000


def pairs(rows: Iterable[Row], heads: ngrams.Heads) -> list[Row]:
    """The worst and the mildest sentence of each comment that has two, by a first look with n-grams alone."""
    made: list[Row] = []
    at = heads.names.index(TOXIC)
    for row in rows:
        sentences = [part.strip() for part in _END.split(row.text) if len(part.split()) >= LEAST_WORDS]
        if len(sentences) < 2:
            continue
        scored = [
            (float(heads.logits(ngrams.features(normalise(each).text, heads.rarity))[at]), each) for each in sentences
        ]
        worst, mildest = max(scored), min(scored)
        if worst[0] - mildest[0] < APART:
            continue
        made.append(Row(f"{row.key}", row.source, worst[1], {TOXIC: 1.0}, row.weight))
        made.append(Row(f"{row.key}", row.source, mildest[1], {TOXIC: 0.0}, row.weight))
        if len(made) >= 2 * MOST:
            break
    return made
