"""What decisions that always reject a group teach: `python -m benchmarks.poisoned --data ../shared/data/moderation`.

Among 5,000 decisions about comments of c3 are so many about others of its comments in which a group stands for people
in general, all rejected. It prints what the gate says of what was learned, with nothing and with what honest decisions
taught in force; and how many of other approved comments that name the group would be held, and of the same comments as
they were written. At last what the gate says of honest decisions, as they come in. What is learned here is not kept.
"""

from __future__ import annotations

import os
import random
import re

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from benchmarks.learning import begun, rows
from broadsheet.scoring import learning
from broadsheet.scoring.answers import Scorer
from broadsheet.scoring.learning import INAPPROPRIATE, Example, Learned
from broadsheet.scoring.measuring import decided
from broadsheet.scoring.measuring.fairness import MOST_FALSE_ALARMS
from broadsheet.scoring.measuring.metrics import threshold

DECISIONS, POISONED, OTHERS = 5_000, (0, 50, 100, 250, 400), 170
GROUPS = {"muslim": "muslims", "gay": "gay people", "black": "black people"}
HONEST = {"c3": (500, 1_000, 1_500, 2_000, 3_000, 4_000, 5_000), "ucc": (500, 1_000, 1_500, 2_000, 3_000, 4_000)}
_PEOPLE = re.compile(r"\b(people|canadians|they|liberals|conservatives|voters|taxpayers|everyone)\b", re.IGNORECASE)


def main() -> None:
    """Measure and print."""
    data, scorer = begun()
    told = rows("c3", data)
    others = [text for text, bad in told[DECISIONS:] if not bad and _PEOPLE.search(text) and 40 < len(text) < 600]
    honest = _seen(told[:DECISIONS], scorer)
    clean = learning.learn(honest, scorer.name)
    written = _seen([(text, False) for text in others[max(POISONED) :][:OTHERS]], scorer)
    for group, people in GROUPS.items():
        named = _seen([(_PEOPLE.sub(people, text, count=1), True) for text in others[: max(POISONED) + OTHERS]], scorer)
        print(f"{group:8} base: held {_held(honest, None, named[max(POISONED) :]):.3f}")
        for many in POISONED:
            made = honest[: DECISIONS - many] + named[:many]
            random.Random(3).shuffle(made)
            learned = learning.learn(made, scorer.name)
            held = [_held(made, learned, some) for some in (named[max(POISONED) :], written)]
            said = [decided.judge(made, learned, before, scorer).reason or "passes" for before in (None, clean)]
            print(
                f"{group:8} {many:4}: held {held[0]:.3f}, as written {held[1]:.3f}; {said[0]}, after honest {said[1]}"
            )
    for name, sizes in HONEST.items():
        _print_honest(name, _seen(rows(name, data)[: sizes[-1]], scorer), sizes, scorer)


def _seen(some: list[tuple[str, bool]], scorer: Scorer) -> list[Example]:
    return [
        Example(learning.look(text, scores), {INAPPROPRIATE: bad}, kept_aside=learning.is_kept_aside(text, b"k"))
        for text, bad in some
        for scores in scorer.score([text])
    ]


def _held(made: list[Example], learned: Learned | None, some: list[Example]) -> float:
    """The share of these comments that would be held at 2 % of the approved ones; by the base model without more."""
    logits, approved = (
        np.array(
            [
                (learned.logit(each.look, INAPPROPRIATE) if learned else each.look.base.get(INAPPROPRIATE)) or 0.0
                for each in of
            ]
        )
        for of in (some, [each for each in made if not each.said[INAPPROPRIATE]])
    )
    return float((logits > threshold(approved, MOST_FALSE_ALARMS)).mean())


def _print_honest(name: str, made: list[Example], sizes: tuple[int, ...], scorer: Scorer) -> None:
    before = None
    for size in sizes:
        learned = learning.learn(made[:size], scorer.name)
        verdict = decided.judge(made[:size], learned, before, scorer)
        print(f"{name:8} {size:5} honest: {verdict.reason or 'passes'}, {verdict.figures.get('supposed')}")
        before = before if verdict.reason else learned


if __name__ == "__main__":
    main()
