"""Teaches two upper layers what three of them say, since what is run has to be quick (Hinton 2015, Jiao 2020).

The pupil begins as its teacher without the last layer and learns what it says, not labels. Judges are several, which
differ where they are unsure: their mean is good on all sets, and none of them is. What they make of every word piece is
learned too, which is far more to go by than a few answers for each text.
"""

from __future__ import annotations

import copy
import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from broadsheet.scoring.training import network
from broadsheet.scoring.training.corpus import HEADS
from broadsheet.scoring.training.transformer import Pieces, batches, tokenizer_of

log = logging.getLogger(__name__)
RATE, LAST, WARM = 2e-4, 1e-6, 80
PASSES = 2
ANSWERS = 0.3  # of the loss: of every answer but the first
LIKE_THEIR_PIECES = 5.0  # how much the vectors of word pieces count beside a text's answers

Lesson = Callable[[Tensor, Tensor, list[int]], Tensor]


def judge(teachers: Sequence[network.Judge], texts: Sequence[str], base: Path) -> network.Judge:
    """A judge of THIN layers that answers as the teachers do in the mean.

    It begins as the first of them. What each makes of the word pieces is learned through a matrix that is thrown away.
    """
    lower, _, _ = network.load_base(base / "model.safetensors", len(HEADS))
    pieces = Pieces(texts, tokenizer_of(base), lower.eval())
    pupil = copy.deepcopy(teachers[0])
    pupil.layers = pupil.layers[: network.THIN]
    matrices = nn.ModuleList(nn.Linear(network.WIDTH, network.WIDTH) for _ in teachers)
    for matrix in matrices:
        nn.init.eye_(matrix.weight)
        nn.init.zeros_(matrix.bias)
    shares = torch.full((len(HEADS),), ANSWERS)
    shares[0] = 1.0
    taught: dict[int, tuple[Tensor, list[Tensor]]] = {}  # by a batch's first text: answers and pieces

    def lesson(hidden: Tensor, mask: Tensor, places: list[int]) -> Tensor:
        if places[0] not in taught:
            with torch.no_grad():
                theirs = [network.through(teacher.layers, hidden, mask) for teacher in teachers]
                said = [teacher.answer(made, mask)[0].float() for teacher, made in zip(teachers, theirs, strict=True)]
            taught[places[0]] = torch.stack(said).mean(0), [made.to(torch.bfloat16) for made in theirs]
        answers, theirs = taught[places[0]]
        mine = network.through(pupil.layers, hidden, mask)
        apart = (pupil.answer(mine, mask)[0].float() - answers).square() * shares
        each = [
            ((matrix(mine).float() - goal.float()).square().mean(2) * mask).sum() / mask.sum()
            for matrix, goal in zip(matrices, theirs, strict=True)
        ]
        return apart.mean() + LIKE_THEIR_PIECES * torch.stack(each).mean()

    return _taught(pupil, pieces, lesson, list(matrices.parameters()))


def _taught(pupil: network.Judge, pieces: Pieces, lesson: Lesson, besides: Sequence[nn.Parameter]) -> network.Judge:
    pupil.train()
    for layer in pupil.modules():
        if isinstance(layer, nn.Dropout):  # there are answers enough, and none is wrong
            layer.p = 0.0
    torch.manual_seed(1)
    plan = batches([len(ids) for ids in pieces.ids], seed=1) * PASSES
    learned = [*pupil.parameters(), *besides]
    optimiser = torch.optim.AdamW(learned, lr=RATE)
    told, sums = time.monotonic(), []
    for step, places in enumerate(plan):
        for group in optimiser.param_groups:
            group["lr"] = RATE * (1 - step / len(plan)) * min(1.0, (step + 1) / WARM) + LAST
        hidden, mask = pieces.hidden(places)
        with torch.autocast("cpu", torch.bfloat16):
            loss = lesson(hidden, mask, places)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learned, 1.0)
        optimiser.step()
        sums.append(loss.item())
        if time.monotonic() - told > 30:
            log.info("step %d/%d loss %.4f", step + 1, len(plan), sum(sums[-100:]) / len(sums[-100:]))
            told = time.monotonic()
    pupil.eval()
    return pupil
