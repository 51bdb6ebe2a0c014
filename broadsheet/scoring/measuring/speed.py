"""How fast, how large and how soon ready the scorer is, on one core: `python -m broadsheet.scoring.measuring.speed`.

It has a process of its own, so that its memory is the scorer's and not that of whoever measures.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

COMMENTS = 200
PASSES = 3  # the quickest counts: others may be at work on the machine
WORDS = 70
TEXT = (
    "The council said on Tuesday that the bridge stays closed until spring, and nobody I spoke with was surprised. "
    "According to the report the repair costs 2.4 million euros, which is more than twice what the mayor promised. "
    "I drove over it every day for eleven years. I think they should have listened to the engineers, because the "
    "cracks were known. What an idiot plan! Does anyone know who signed the contract? My neighbour works "
    "there and says that the files are gone. "
)
FIRST = "from broadsheet.scoring import load; load().score(['Hello there, and good morning.'])"


def comments(count: int = COMMENTS) -> list[str]:
    """Comments of 70 words on the average, each another."""
    dice = random.Random(1)  # noqa: S311
    words = TEXT.split()
    made = []
    for _ in range(count):
        length = dice.randint(WORDS - 35, WORDS + 35)
        start = dice.randrange(len(words))
        made.append(" ".join((words * 3)[start : start + length]) + f" {dice.randrange(10**6)}")
    return made


def measure() -> dict[str, Any]:
    """The figures, by processes of their own on one core."""
    alone = {**os.environ, "OMP_NUM_THREADS": "1"}
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", FIRST], check=True, env=alone)  # noqa: S603
    cold = time.perf_counter() - began
    done = subprocess.run([sys.executable, "-m", __name__], check=True, env=alone, capture_output=True)  # noqa: S603
    told: dict[str, Any] = json.loads(done.stdout)
    return told | {"seconds to the first score": round(cold, 2)}


def _here() -> dict[str, Any]:
    """What one process finds."""
    from broadsheet.scoring import load, weights
    from broadsheet.scoring.answers import Facts, Story

    scorer, texts = load(), comments()
    story = Story("bridge", "Bridge stays closed until spring", TEXT, accepted=tuple(comments(12)))
    scorer.score(texts[:8], [story] * 8, [Facts()] * 8)
    whole = _quickest(lambda: scorer.score(texts, [story] * len(texts), [Facts()] * len(texts)))
    bare = _quickest(lambda: scorer.score(texts))
    return {
        "model": scorer.name,
        "machine": f"{platform.system()} {platform.machine()}, {_processor()}, Python {platform.python_version()}",
        "words of a comment": round(sum(len(text.split()) for text in texts) / len(texts)),
        "comments a second": round(len(texts) / whole),
        "comments a second without relevance": round(len(texts) / bare),
        "megabytes of memory": round(_most_memory() / 1024),
        "megabytes of weights": round(sum(file.stat().st_size for file in weights.files()) / 2**20, 1),
    }


def _processor() -> str:
    """The processor by name: the same code has done 78 comments a second on one and 135 on another."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown processor"


def _most_memory() -> int:
    """Kilobytes that this program needed at most; Linux's usual figure begins with that of whoever started it."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _quickest(task: Callable[[], object]) -> float:
    """Seconds of the processor."""
    taken = []
    for _ in range(PASSES):
        began = time.process_time()
        task()
        taken.append(time.process_time() - began)
    return min(taken)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_here()))
