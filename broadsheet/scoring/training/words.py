"""Counts the words of the comments learned from, for `scoring.lexicon`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from broadsheet.scoring.training.corpus import TOXIC, Row

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
LEAST, MOST = 4, 16_000


def write(rows: Iterable[Row], file: Path) -> None:
    """The words that at least LEAST comments have; 1 behind those that mostly stand in toxic ones."""
    seen: Counter[str] = Counter()
    bad: Counter[str] = Counter()
    toxic = total = 0
    for row in rows:
        words = set(_WORD.findall(row.text.lower()))
        seen.update(words)
        total += 1
        if row.labels.get(TOXIC):
            bad.update(words)
            toxic += 1
    usual = toxic / max(total, 1)
    lines = []
    for word, count in seen.most_common(MOST):
        if count < LEAST or (len(word) < 2 and word not in "ai") or _is_stretched(word):
            continue
        share = (bad[word] + usual) / (count + 1)
        lines.append(f"{word}\t{count}\t{int(share > 0.8 and len(word) > 2)}\n")
    file.write_text("".join(sorted(lines)), "utf-8")


def _is_stretched(word: str) -> bool:
    return re.search(r"(.)\1\1", word) is not None
