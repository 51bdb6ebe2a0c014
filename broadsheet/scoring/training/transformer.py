"""Fine-tunes the upper layers on the labelled comments, in stages that can be stopped and taken up again.

The lower layers are not trained, so what they make of each text is worked out once and kept. Batches hold texts of
like length; the shuffle is seeded; a checkpoint is written every few minutes and when the process is asked to stop.
"""

from __future__ import annotations

import json
import logging
import random
import signal
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch.nn import functional as F

from broadsheet.scoring.training import network
from broadsheet.scoring.training.corpus import HEADS, Row

log = logging.getLogger(__name__)
LENGTH = 96
BATCH = 2_400  # word pieces, with those that pad
TOGETHER = 1_600  # rows that are put in batches by their length
KEEP_EVERY = 240  # seconds


@dataclass(frozen=True)
class Stage:
    """Some rows, and how they are learned from."""

    name: str
    rows: Sequence[Row]
    rate: float  # the greatest step; it falls along a line to `last`
    last: float
    passes: int = 1
    warm: int = 60  # steps in which it rises


class Pieces:
    """Texts as word pieces, cut to LENGTH, and what the lower layers make of them."""

    def __init__(self, texts: Sequence[str], tokenizer: Tokenizer, lower: network.Lower) -> None:
        self.ids = [np.array(found.ids, dtype=np.int64) for found in tokenizer.encode_batch(list(texts))]
        self._lower = lower
        self._kept: dict[int, torch.Tensor] = {}

    def hidden(self, places: Sequence[int]) -> tuple[torch.Tensor, torch.Tensor]:
        """What the lower layers make of these rows, padded to the longest, and the mask."""
        missing = [place for place in places if place not in self._kept]
        if missing:
            ids, mask = padded([self.ids[place] for place in missing])
            with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
                made = self._lower(ids, mask).to(torch.bfloat16)
            for place, vectors in zip(missing, made, strict=True):
                self._kept[place] = vectors[: len(self.ids[place])].clone()
        lengths = [len(self.ids[place]) for place in places]
        hidden = torch.zeros(len(places), max(lengths), network.WIDTH)
        mask = torch.zeros(len(places), max(lengths))
        for row, (place, length) in enumerate(zip(places, lengths, strict=True)):
            hidden[row, :length] = self._kept[place]
            mask[row, :length] = 1
        return hidden, mask


def labels_of(rows: Sequence[Row]) -> np.ndarray:
    """Each row's label for each head, NaN where there is none."""
    found = np.full((len(rows), len(HEADS)), np.nan, dtype=np.float32)
    for place, row in enumerate(rows):
        for head, label in row.labels.items():
            if head in HEADS:
                found[place, HEADS.index(head)] = label
    return found


def tokenizer_of(base: Path) -> Tokenizer:
    """The base model's tokenizer, cutting at LENGTH."""
    found = Tokenizer.from_file(str(base / "tokenizer.json"))
    found.no_padding()
    found.enable_truncation(LENGTH)
    return found


def padded(ids: Sequence[np.ndarray]) -> tuple[torch.Tensor, torch.Tensor]:
    """Rows of word pieces as one array with its mask."""
    width = max(map(len, ids))
    array, mask = torch.zeros(len(ids), width, dtype=torch.int64), torch.zeros(len(ids), width)
    for row, pieces in enumerate(ids):
        array[row, : len(pieces)] = torch.from_numpy(pieces)
        mask[row, : len(pieces)] = 1
    return array, mask


def batches(lengths: Sequence[int], seed: int) -> list[list[int]]:
    """All rows in batches of like length, in an order that the seed decides."""
    dice = random.Random(seed)  # noqa: S311
    order = list(range(len(lengths)))
    dice.shuffle(order)
    made: list[list[int]] = []
    for start in range(0, len(order), TOGETHER):
        batch: list[int] = []
        for place in sorted(order[start : start + TOGETHER], key=lambda place: lengths[place]):
            batch.append(place)
            if len(batch) * lengths[place] >= BATCH:
                made.append(batch)
                batch = []
        if batch:
            made.append(batch)
    dice.shuffle(made)
    return made


def loss_of(logits: torch.Tensor, labels: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """Cross entropy over the labels there are; the kinds together weigh as much as the one about toxicity."""
    known = ~labels.isnan()
    each = F.binary_cross_entropy_with_logits(logits, labels.nan_to_num(), reduction="none")
    share = torch.full((len(HEADS),), 0.2)
    share[0] = 1.0
    weight = known * share * weights[:, None]
    return (each * weight).sum() / weights.sum()


def train(
    stages: Sequence[Stage], base: Path, folder: Path, normalise: Sequence[Sequence[str]], *, seed: int = 1
) -> network.Judge:
    """Go through the stages, from the last checkpoint in `folder` where there is one."""
    torch.manual_seed(seed)
    folder.mkdir(parents=True, exist_ok=True)
    lower, judge, _ = network.load_base(base / "model.safetensors", len(HEADS))
    lower.eval()
    tokenizer = tokenizer_of(base)
    optimiser = torch.optim.AdamW(_groups(judge), lr=1e-4)
    done = _restore(folder, judge, optimiser)
    stopping = _Stopping()
    for number, (stage, texts) in enumerate(zip(stages, normalise, strict=True)):
        first = done["step"] if done["stage"] == number else 0
        if done["stage"] > number:
            continue
        pieces = Pieces(texts, tokenizer, lower)
        lengths = [len(ids) for ids in pieces.ids]
        plan = [batch for turn in range(stage.passes) for batch in batches(lengths, 100 * seed + 10 * number + turn)]
        log.info("stage %s: %d rows, %d steps, from step %d", stage.name, len(stage.rows), len(plan), first)
        for step in _run(stage, pieces, plan, first, judge, optimiser):
            if step is not None:
                _keep(folder, judge, optimiser, number, step)
            if stopping.asked:
                raise SystemExit("stopped; run the same command again to go on")
        _keep(folder, judge, optimiser, number + 1, 0)
    judge.eval()
    return judge


def _groups(judge: network.Judge) -> list[dict[str, object]]:
    """The new heads learn ten times as fast as the layers that know something already."""
    new = [p for name, p in judge.named_parameters() if not name.startswith("layers")]
    old = [p for name, p in judge.named_parameters() if name.startswith("layers")]
    return [{"params": old, "factor": 1.0}, {"params": new, "factor": 10.0}]


def _run(
    stage: Stage, pieces: Pieces, plan: list[list[int]], first: int, judge: network.Judge, optimiser: torch.optim.AdamW
) -> Iterator[int | None]:
    """The steps of a stage; yields the number of steps done when it is time to keep them, else None."""
    judge.train()
    labels = labels_of(stage.rows)
    weights = np.array([row.weight for row in stage.rows], dtype=np.float32)
    kept, told, sums = time.monotonic(), time.monotonic(), []
    for step in range(first, len(plan)):
        rate = stage.last + (stage.rate - stage.last) * (1 - step / len(plan))
        rate *= min(1.0, (step + 1) / stage.warm)
        for group in optimiser.param_groups:
            group["lr"] = rate * group["factor"]
        hidden, mask = pieces.hidden(plan[step])
        with torch.autocast("cpu", torch.bfloat16):
            logits, _ = judge(hidden, mask)
        at = plan[step]
        loss = loss_of(logits.float(), torch.from_numpy(labels[at]), torch.from_numpy(weights[at]))
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(judge.parameters(), 1.0)
        optimiser.step()
        sums.append(loss.item())
        if time.monotonic() - told > 30:
            log.info("%s step %d/%d loss %.4f", stage.name, step + 1, len(plan), sum(sums[-100:]) / len(sums[-100:]))
            told = time.monotonic()
        late = time.monotonic() - kept > KEEP_EVERY
        if late:
            kept = time.monotonic()
        yield step + 1 if late or _Stopping.wanted else None


class _Stopping:
    """Notices a request to stop, so that the state is kept first."""

    wanted = False

    def __init__(self) -> None:
        _Stopping.wanted = False
        signal.signal(signal.SIGTERM, self._ask)
        signal.signal(signal.SIGINT, self._ask)

    def _ask(self, *_: object) -> None:
        _Stopping.wanted = True

    @property
    def asked(self) -> bool:
        return _Stopping.wanted


def _keep(folder: Path, judge: network.Judge, optimiser: torch.optim.AdamW, stage: int, step: int) -> None:
    state = {"judge": judge.state_dict(), "optimiser": optimiser.state_dict(), "stage": stage, "step": step}
    fresh = folder / "checkpoint.new"
    torch.save(state, fresh)
    fresh.replace(folder / "checkpoint.pt")
    (folder / "state.json").write_text(json.dumps({"stage": stage, "step": step}))


def _restore(folder: Path, judge: network.Judge, optimiser: torch.optim.AdamW) -> dict[str, int]:
    found = folder / "checkpoint.pt"
    if not found.exists():
        return {"stage": 0, "step": 0}
    state = torch.load(found, weights_only=True)
    judge.load_state_dict(state["judge"])
    optimiser.load_state_dict(state["optimiser"])
    return {"stage": state["stage"], "step": state["step"]}
