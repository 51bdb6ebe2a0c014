"""The rare words that two texts share: a name that no model has heard of is compared by its letters."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from broadsheet.scoring.lexicon import lexicon

Words = Mapping[str, float]
_WORD = re.compile(r"[a-z]{3,}")
_ENDINGS = ("ies", "ing", "ers", "ed", "er", "es", "ly", "s")
FREQUENT, RAREST = 5.5, 12.0  # what words cost in the lexicon: those below say nothing, those above no more


def words_of(text: str) -> Words:
    """The words of a normalised text without their endings, the rarer the more; the squares' sum is one."""
    known = lexicon()
    found: dict[str, float] = {}
    for word in _WORD.findall(text):
        worth = min(known.cost(word), RAREST) - FREQUENT
        if worth > 0:
            stem = _stem(word)
            found[stem] = max(worth, found.get(stem, 0.0))
    return scaled(found)


@lru_cache(maxsize=1 << 14)
def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word


def scaled(words: Words) -> Words:
    """The same, with one as the squares' sum."""
    length = math.sqrt(sum(worth * worth for worth in words.values()))
    return {word: worth / length for word, worth in words.items()} if length else {}


class Table:
    """The words of several texts side by side."""

    def __init__(self, texts: Sequence[Words]) -> None:
        self._place = {word: at for at, word in enumerate(dict.fromkeys(word for text in texts for word in text))}
        self._worth = np.zeros((len(texts), len(self._place)), np.float32)
        for row, text in zip(self._worth, texts, strict=True):
            row[[self._place[word] for word in text]] = list(text.values())

    def shared(self, words: Words) -> NDArray[np.float32]:
        """How much a text has in common with each: of texts of length one, 0 to 1."""
        known = [(self._place[word], worth) for word, worth in words.items() if word in self._place]
        places, worths = [place for place, _ in known], np.array([worth for _, worth in known], np.float32)
        found: NDArray[np.float32] = self._worth[:, places] @ worths
        return found
