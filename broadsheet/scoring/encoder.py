"""The small transformer: judges, with what each word adds, and makes the vectors that texts are compared by.

Texts run one at a time. The models compute in bytes whose scale is found as they run, so in a batch a comment's score
would depend on its neighbours; alone it is the same every time, and on one core no slower.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from broadsheet.scoring import weights
from broadsheet.scoring.lexicon import lexicon

LENGTH = 128  # word pieces of a window, with its two ends
WINDOWS = 4  # windows of a text that is longer
READ = 12_000  # characters that are cut into pieces
FREQUENT = 6.0  # what a word costs in the lexicon that is as frequent as one in four hundred
FEW = 6  # pieces: of a text with fewer that tell anything all are compared
SLOW = "SkipLayerNormFusion"  # makes one step of two that are quicker apart: a seventh of the whole time
FILES = ("lower.onnx", "judge.onnx", "compare.onnx", "tokenizer.json", "middle.npy")

Vector = NDArray[np.float32]


@dataclass(frozen=True)
class Judged:
    """What the transformer says of a text: an answer for each head, and what each stretch adds to the first."""

    logits: Vector
    shares: list[tuple[int, int, float]]


class Encoder:
    """The transformer's three parts: what both uses share, what judges, what compares."""

    def __init__(self, folder: Path = weights.FOLDER) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        files = {name: weights.trusted(name, folder) for name in FILES}
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._tokenizer = Tokenizer.from_file(str(files["tokenizer.json"][0]))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._lower, self._judge, self._compare = (
            onnxruntime.InferenceSession(
                str(files[name][0]), options, providers=["CPUExecutionProvider"], disabled_optimizers=[SLOW]
            )
            for name in FILES[:3]
        )
        self._middle: Vector = np.load(files["middle.npy"][0])  # what all comments have in common
        self._tells = _telling(self._tokenizer.get_vocab())
        self.heads: tuple[str, ...] = tuple(files["judge.onnx"][1].facts["heads"])
        self.version: str = files["judge.onnx"][1].sha256[:8]

    def read(self, text: str) -> list[Piece]:
        """A normalised text's windows, each already through the lower layers."""
        found = self._tokenizer.encode(text[:READ], add_special_tokens=False)
        inside = LENGTH - 2
        starts = range(0, max(1, len(found.ids)), inside)
        if len(starts) > WINDOWS:  # the beginning, the end and what is evenly between
            last = max(0, len(found.ids) - inside)
            starts = range(0, last + 1, max(1, last // (WINDOWS - 1)))[: WINDOWS - 1]
            places = [*starts, last]
        else:
            places = list(starts)
        return [self._piece(found.ids[at : at + inside], found.offsets[at : at + inside]) for at in places]

    def _piece(self, ids: list[int], offsets: list[tuple[int, int]]) -> Piece:
        array = np.array([[101, *ids, 102]], np.int64)
        hidden: Any = self._lower.run(None, {"ids": array})[0]
        tells = self._tells[array[0]]
        tells[[0, -1]] = True
        return Piece(hidden, offsets, tells)

    def judge(self, pieces: list[Piece]) -> Judged:
        """The answers for a text; of several windows the one that says most decides."""
        found = [self._judge.run(None, {"hidden": piece.hidden}) for piece in pieces]
        logits = np.stack([each[0][0] for each in found])
        shares = [
            (start, end, share)
            for piece, each in zip(pieces, found, strict=True)
            for (start, end), share in zip(piece.offsets, each[1][0][1:-1].tolist(), strict=True)
        ]
        return Judged(logits.max(axis=0), shares)

    def vector(self, pieces: list[Piece]) -> Vector:
        """What the text is about, as a vector of length one; a long text's is the mean of its windows'.

        The lower layers have read every word. The upper ones are asked about the words that tell something: that
        compares as well, and takes half the time.
        """
        found = [self._compare.run(None, {"hidden": piece.telling()})[0][0] for piece in pieces]
        mean = np.mean(found, axis=0) - self._middle
        return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), np.float32)


@dataclass(frozen=True)
class Piece:
    """A window of a text after the lower layers, and where its word pieces stand in the text."""

    hidden: Any
    offsets: list[tuple[int, int]]
    tells: NDArray[np.bool_]  # which pieces are no signs and none of the most frequent words

    def telling(self) -> Any:
        """The window without pieces that say nothing about what the text is about."""
        return self.hidden[:, self.tells] if self.tells.sum() >= FEW else self.hidden


def _telling(vocabulary: dict[str, int]) -> NDArray[np.bool_]:
    tells = np.zeros(len(vocabulary), bool)
    known = lexicon()
    for piece, number in vocabulary.items():
        tells[number] = piece.startswith("##") or (len(piece) > 1 and piece.isalnum() and known.cost(piece) > FREQUENT)
    return tells
