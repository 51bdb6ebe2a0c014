"""The rare words that two texts share: a name that no model has heard of is compared by its letters."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

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


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word


def scaled(words: Words) -> Words:
    """The same, with one as the squares' sum."""
    length = math.sqrt(sum(worth * worth for worth in words.values()))
    return {word: worth / length for word, worth in words.items()} if length else {}


def together(texts: list[Words]) -> Words:
    """The sum of texts' words."""
    found: dict[str, float] = {}
    for words in texts:
        for word, worth in words.items():
            found[word] = found.get(word, 0.0) + worth
    return found


def shared(first: Words, second: Words) -> float:
    """How much two texts have in common: of texts of length one, 0 to 1."""
    few, many = (first, second) if len(first) < len(second) else (second, first)
    return sum(worth * many[word] for word, worth in few.items() if word in many)
