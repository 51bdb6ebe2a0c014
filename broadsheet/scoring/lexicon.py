"""Which words are words: what a disguised one is compared with. Counted in the comments the models learned from."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache
from pathlib import Path

WEIGHTS = Path(__file__).parent / "weights"
_LONGEST = 20


class Lexicon:
    """Known words with how rare each is, and those of them that people are likely to disguise."""

    def __init__(self, counts: Iterable[tuple[str, int, bool]]) -> None:
        found = list(counts)
        total = sum(count for _, count, _ in found) or 1
        self._cost = {word: math.log(total / count) for word, count, _ in found}
        self.hidden = frozenset(word for word, _, hidden in found if hidden)
        self._like: dict[tuple[str, int], list[str]] = {}
        for word, _, hidden in sorted(found, key=lambda entry: -entry[1]):
            if hidden:
                self._like.setdefault((word[0], len(word)), []).append(word)

    def __contains__(self, word: object) -> bool:
        return word in self._cost

    def __len__(self) -> int:
        return len(self._cost)

    def cost(self, word: str) -> float:
        """How rare a word is; infinite for none."""
        return self._cost.get(word, math.inf)

    def likeliest(self, words: Iterable[str]) -> str:
        """The most frequent of these that is a word; empty where none is."""
        return min((word for word in words if word in self._cost), key=lambda word: self._cost[word], default="")

    def like(self, first: str, length: int) -> list[str]:
        """Words worth hiding with this first letter and length, the most frequent first."""
        return self._like.get((first, length), [])

    def parted(self, letters: str) -> list[str]:
        """Letters without spaces as the likeliest known words; empty where they are not made of such."""
        best: list[tuple[float, int]] = [(0.0, 0)]
        for end in range(1, len(letters) + 1):
            found = (math.inf, end - 1)
            for start in range(max(0, end - _LONGEST), end):
                cost = best[start][0] + self._cost.get(letters[start:end], math.inf)
                if end - start == 1 and letters[start:end] not in "ai":
                    continue
                found = min(found, (cost, start))
            best.append(found)
        if best[-1][0] == math.inf or best[-1][0] > 2.6 * len(letters):
            return []
        pieces, end = [], len(letters)
        while end:
            start = best[end][1]
            pieces.append(letters[start:end])
            end = start
        return pieces[::-1]


@cache
def lexicon() -> Lexicon:
    """The words that came with the weights; none without them."""
    file = WEIGHTS / "words.txt"
    if not file.exists():
        return Lexicon(())
    return Lexicon(_entries(file.read_text("utf-8")))


def _entries(text: str) -> Iterable[tuple[str, int, bool]]:
    for line in text.splitlines():
        word, count, hidden = line.split("\t")
        yield word, int(count), hidden == "1"
