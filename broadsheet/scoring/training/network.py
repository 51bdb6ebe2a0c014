"""MiniLM, cut in two: lower layers that are kept as they came, and upper layers in two copies, one to judge and one to
compare by. Fine-tuning bends the vectors, so what compares keeps the layers that nobody trained."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F

WIDTH, HEADS, INNER, LAYERS, VOCABULARY, PLACES = 384, 12, 1536, 6, 30522, 512
KEPT = 3  # lower layers that are not trained and are shared
UPPER = LAYERS - KEPT
THIN = 2  # layers of the judge that is run: they are taught what UPPER of them say, in two thirds of the time


class Embedding(nn.Module):
    """Words and places as vectors."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(VOCABULARY, WIDTH)
        self.places = nn.Embedding(PLACES, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)

    def forward(self, ids: Tensor) -> Tensor:
        places = torch.arange(ids.shape[1], device=ids.device)
        return self.norm(self.words(ids) + self.places(places))


class Layer(nn.Module):
    """One layer of BERT: everybody looks at everybody, then each for itself."""

    def __init__(self) -> None:
        super().__init__()
        self.ask, self.offer, self.give, self.join = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.widen, self.narrow = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.after, self.last = nn.LayerNorm(WIDTH, eps=1e-12), nn.LayerNorm(WIDTH, eps=1e-12)
        self.dropout = nn.Dropout(0.1)

    def forward(self, hidden: Tensor, shut: Tensor) -> Tensor:
        """`shut` is added to what is looked at: 0 for words, a large negative number for padding."""
        rows, length, _ = hidden.shape

        def apart(x: Tensor) -> Tensor:
            return x.view(rows, length, HEADS, WIDTH // HEADS).transpose(1, 2)

        ask, offer, give = apart(self.ask(hidden)), apart(self.offer(hidden)), apart(self.give(hidden))
        looks = ask @ offer.transpose(-1, -2) / math.sqrt(WIDTH // HEADS) + shut[:, None, None, :].to(ask.dtype)
        seen = (looks.softmax(-1, dtype=ask.dtype) @ give).transpose(1, 2).reshape(rows, length, WIDTH)
        hidden = self.after(hidden + self.dropout(self.join(seen)))
        return self.last(hidden + self.dropout(self.narrow(F.gelu(self.widen(hidden)))))


class _Attention(torch.autograd.Function):
    """Everybody looks at everybody. Written as ONNX it is one operation, which is quicker than its steps."""

    @staticmethod
    def forward(_: Any, ask: Tensor, offer: Tensor, give: Tensor) -> Tensor:
        apart = (x.unflatten(2, (HEADS, -1)).transpose(1, 2) for x in (ask, offer, give))
        return F.scaled_dot_product_attention(*apart).transpose(1, 2).flatten(2)

    @staticmethod
    def symbolic(graph: Any, ask: Any, offer: Any, give: Any) -> Any:
        return graph.op("Attention", ask, offer, give, q_num_heads_i=HEADS, kv_num_heads_i=HEADS).setType(ask.type())


class QuickLayer(nn.Module):
    """A layer as it is run: one text at a time, so without a mask."""

    def __init__(self, layer: Layer) -> None:
        super().__init__()
        self.layer = layer

    def forward(self, hidden: Tensor, _: Tensor | None = None) -> Tensor:
        layer = self.layer
        seen = _Attention.apply(layer.ask(hidden), layer.offer(hidden), layer.give(hidden))
        hidden = layer.after(hidden + layer.join(seen))
        return layer.last(hidden + layer.narrow(F.gelu(layer.widen(hidden))))


def quick(part: nn.Module) -> nn.Module:
    """The part with its layers as they are run."""
    part.layers = nn.ModuleList(QuickLayer(layer) for layer in part.layers)
    return part


def through(layers: nn.ModuleList, hidden: Tensor, mask: Tensor | None) -> Tensor:
    """What layers make of word pieces, one after the other."""
    shut = shut_out(mask)
    for layer in layers:
        hidden = layer(hidden, shut)
    return hidden


def shut_out(mask: Tensor | None) -> Tensor | None:
    """What is added to looks at padding; None where there is none."""
    return None if mask is None else (1 - mask) * -1e4


class Lower(nn.Module):
    """Words to vectors that know their neighbours: the part that both uses share."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = Embedding()
        self.layers = nn.ModuleList(Layer() for _ in range(KEPT))

    def forward(self, ids: Tensor, mask: Tensor | None = None) -> Tensor:
        return through(self.layers, self.embedding(ids), mask)


class Judge(nn.Module):
    """The trained upper layers and a head for each answer, with what each word piece adds to it.

    An answer is the sum over the word pieces of attention times verdict, so the pieces' shares are exact.
    """

    def __init__(self, heads: int, layers: int = UPPER) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Layer() for _ in range(layers))
        self.dropout = nn.Dropout(0.1)
        self.attend = nn.Linear(WIDTH, heads)
        self.verdict = nn.Linear(WIDTH, heads)
        self.bias = nn.Parameter(torch.zeros(heads))
        nn.init.zeros_(self.attend.weight)
        nn.init.zeros_(self.attend.bias)

    def forward(self, hidden: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
        return self.answer(through(self.layers, hidden, mask), mask)

    def answer(self, hidden: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """The answers, and what each word piece adds to the first, from what the layers made of the pieces."""
        shut, hidden = shut_out(mask), self.dropout(hidden)
        looks = self.attend(hidden)
        attention = (looks if shut is None else looks + shut[:, :, None]).softmax(1)
        shares = attention * self.verdict(hidden)
        return shares.sum(1) + self.bias, shares[:, :, 0]


class Compare(nn.Module):
    """The upper layers as they came: the mean of the words' vectors, of length one."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Layer() for _ in range(UPPER))

    def forward(self, hidden: Tensor, mask: Tensor | None = None) -> Tensor:
        hidden = through(self.layers, hidden, mask)
        weight = torch.ones_like(hidden[:, :, :1]) if mask is None else mask.to(hidden.dtype)[:, :, None]
        mean = (hidden * weight).sum(1) / weight.sum(1).clamp(min=1)
        return mean / mean.norm(dim=1, keepdim=True).clamp(min=1e-9)


_NAMES = {
    "attention.self.query": "ask", "attention.self.key": "offer", "attention.self.value": "give",
    "attention.output.dense": "join", "attention.output.LayerNorm": "after", "intermediate.dense": "widen",
    "output.dense": "narrow", "output.LayerNorm": "last",
}  # fmt: skip


def load_base(model: Path, heads: int) -> tuple[Lower, Judge, Compare]:
    """The base model from its package's file, its upper layers twice."""
    stored = load_file(model)
    lower, judge, compare = Lower(), Judge(heads), Compare()
    own = {
        "words.weight": "embeddings.word_embeddings.weight", "places.weight": "embeddings.position_embeddings.weight",
        "norm.weight": "embeddings.LayerNorm.weight", "norm.bias": "embeddings.LayerNorm.bias",
    }  # fmt: skip
    lower.embedding.load_state_dict({ours: stored[theirs] for ours, theirs in own.items()})
    with torch.no_grad():  # all pieces are of the first kind: its vector goes into the places
        lower.embedding.places.weight += stored["embeddings.token_type_embeddings.weight"][0]
    for part, first in ((lower, 0), (judge, KEPT), (compare, KEPT)):
        for number, layer in enumerate(part.layers, first):
            layer.load_state_dict(_layer(stored, number))
    return lower, judge, compare


def _layer(stored: dict[str, Tensor], number: int) -> dict[str, Tensor]:
    return {
        f"{ours}.{part}": stored[f"encoder.layer.{number}.{theirs}.{part}"]
        for theirs, ours in _NAMES.items()
        for part in ("weight", "bias")
    }
