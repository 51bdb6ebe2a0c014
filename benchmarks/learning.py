"""What a newsroom's decisions add to the scorer: `python -m benchmarks.learning --data ../shared/data/moderation`.

The labels of sets that nothing was ever trained on stand in for a newsroom's decisions, in a shuffled order. After 200,
1,000 and 5,000 of them it prints the AUC of the base model alone and with what was learned, on rows that were not among
them, with the interval of the difference. Korean stands for a language that the base model does not know. Nothing that
is learned here is kept.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import os
import random
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from benchmarks.measuring import machine
from broadsheet import scoring
from broadsheet.scoring import learning
from broadsheet.scoring.answers import Scorer
from broadsheet.scoring.learning import INAPPROPRIATE, Example
from broadsheet.scoring.measuring.metrics import auc, difference, figure
from broadsheet.scoring.training import corpus

SIZES = (200, 1_000, 5_000)
MEASURED = {"c3": 2_500, "ucc": 1_400, "ko_news": 1_500}


def main() -> None:
    """Measure and print."""
    data, scorer = begun()
    for name, held in MEASURED.items():
        examples = [
            Example(learning.look(text, scores), {INAPPROPRIATE: bad})
            for text, bad in rows(name, data)[: SIZES[-1] + held]
            for scores in scorer.score([text])
        ]
        sizes = sorted({min(size, len(examples) - held) for size in SIZES})
        for size in sizes:
            _print(name, size, examples[:size], examples[-held:], scorer.name)


def begun() -> tuple[Path, Scorer]:
    """Where the labelled comments are, by the command's option, and the scorer; says with what is measured."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True, help="the folder with the labelled comments")
    data: Path = parser.parse_args().data
    scorer = scoring.load()
    print(f"{machine()}; {scorer.name}")
    return data, scorer


def rows(name: str, data: Path) -> list[tuple[str, bool]]:
    """The set's texts and labels in a fixed order by lot."""
    if name == "ko_news":
        with gzip.open(data / "ko_news.csv.gz", "rt", encoding="utf-8", newline="") as lines:
            rows = [(row["text"], row["hate"] != "none") for row in csv.DictReader(lines)]
    else:
        rows = [(row.text, row.labels["toxic"] >= 0.5) for row in corpus.rows(name, data)]
    random.Random(1).shuffle(rows)
    return rows


def _print(name: str, size: int, decided: list[Example], held: list[Example], base: str) -> None:
    learned = learning.learn(decided, base)
    labels = np.array([example.said[INAPPROPRIATE] for example in held])
    before = np.array([example.look.base.get(INAPPROPRIATE, 0.0) for example in held])
    after = np.array([learned.logit(example.look, INAPPROPRIATE) or 0.0 for example in held])
    gain = difference(auc, labels, after, before)
    rejected = sum(example.said[INAPPROPRIATE] for example in decided)
    print(
        f"{name:8} {size:5} decisions, {rejected:4} rejected: base {figure(auc, labels, before).value:.3f}, "
        f"learned {figure(auc, labels, after).value:.3f}, difference {gain.value:+.3f} "
        f"({gain.low:+.3f} to {gain.high:+.3f}), {len(learned.to_bytes()) // 1000} kB"
    )


if __name__ == "__main__":
    main()
