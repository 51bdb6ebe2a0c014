"""Scores comments as fast as one core goes, everything included: `python -m benchmarks.scoring`.

Prints comments a second, memory, the size of the weights and the cold start. Comments have 70 words on the average.
"""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
import time

from benchmarks.measuring import machine

COMMENTS = 400
WORDS = 70
TEXT = (
    "The council said on Tuesday that the bridge stays closed until spring, and nobody I spoke with was surprised. "
    "According to the report the repair costs 2.4 million euros, which is more than twice what the mayor promised. "
    "I drove over it every day for eleven years. I think they should have listened to the engineers, because the "
    "cracks were known. What an idiot plan! Does anyone know who signed the contract? My neighbour works "
    "there and says that the files are gone. "
)


def comments(count: int = COMMENTS) -> list[str]:
    """Comments of 70 words, each another."""
    dice = random.Random(1)
    words = TEXT.split()
    made = []
    for _ in range(count):
        length = dice.randint(WORDS - 35, WORDS + 35)
        start = dice.randrange(len(words))
        made.append(" ".join((words * 3)[start : start + length]) + f" {dice.randrange(10**6)}")
    return made


def main() -> None:
    """Measure and print."""
    os.environ["OMP_NUM_THREADS"] = "1"
    began = time.perf_counter()
    code = "from broadsheet.scoring import load; load().score(['Hello there, and good morning.'])"
    subprocess.run([sys.executable, "-c", code], check=True)
    cold = time.perf_counter() - began

    from broadsheet.scoring import load, weights
    from broadsheet.scoring.answers import Facts, Story

    scorer = load()
    texts = comments()
    accepted = tuple(comments(12))
    story = Story("bridge", "Bridge stays closed until spring", TEXT, accepted=accepted)
    scorer.score(texts[:8], [story] * 8, [Facts()] * 8)
    wall, cpu = time.perf_counter(), time.process_time()
    scorer.score(texts, [story] * len(texts), [Facts()] * len(texts))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    plain = time.process_time()
    scorer.score(texts)
    plain = time.process_time() - plain
    size = sum(file.stat().st_size for file in weights.FOLDER.iterdir() if not file.name.endswith(weights.SUFFIX))
    print(f"{machine()}; {scorer.name}")
    print(f"comments of {sum(len(text.split()) for text in texts) / len(texts):.0f} words, everything included:")
    print(f"  {len(texts) / cpu:6.0f} a second and core with relevance, {len(texts) / plain:.0f} without "
          f"(wall clock {len(texts) / wall:.0f})")  # fmt: skip
    print(f"  {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:6.0f} MB of memory at most")
    print(f"  {size / 2**20:6.1f} MB of weights")
    print(f"  {cold:6.2f} s from nothing to the first score")


if __name__ == "__main__":
    main()
