"""How near a comment is to its story and to what was said under it: to sort by and to explain, never to hide.

Nearness says "the same topic", not "worth reading": what readers call off topic is not found by it. A text of
fewer than twelve words says too little to tell. What counts is how much nearer a comment is to its own story than
to any other: some comments are near to everything that is news. The other stories are those that the caller names,
and else headlines of our own.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import numpy as np

from broadsheet.scoring import weights
from broadsheet.scoring.answers import Answer, Story
from broadsheet.scoring.encoder import Encoder, Vector
from broadsheet.scoring.normal import normalise

LEAST_WORDS = 12
OPENING_WORDS = 100
CROWD = 8  # accepted comments from which on what they have in common counts as much as the story
LOOKED_AT = 40  # accepted comments
OTHERS = 30  # other stories
KEPT, KEPT_STORIES = 4_096, 128
BESIDE, AT_ALL = 0.85, 0.5  # how much nearness to another story of the site takes away, and to any headline
HEADLINES = "elsewhere.npy"
# How near comments are to their own story, in twentieths: without other comments, and with them.
ALONE = (
    -0.24, -0.13, -0.11, -0.08, -0.05, -0.03, -0.01, 0.01, 0.03, 0.05, 0.08, 0.09, 0.12, 0.14, 0.16, 0.20, 0.22,
    0.25, 0.29, 0.34, 0.53,
)  # fmt: skip
AMONG = (
    -0.14, -0.05, -0.01, 0.01, 0.03, 0.06, 0.07, 0.10, 0.12, 0.14, 0.16, 0.18, 0.20, 0.22, 0.24, 0.25, 0.28, 0.31,
    0.34, 0.40, 0.57,
)  # fmt: skip
BELIEVED = 24  # accepted comments by which a story's own percentile counts as much as stories in general


@dataclass(frozen=True)
class Known:
    """What was worked out for a story once."""

    told: Vector | None  # headline and opening
    crowd: Vector  # accepted comments, one a row
    others: Vector  # other stories, one a row
    usual: Vector  # how near the accepted comments are, in order; none where they are few


class Relevance:
    """Compares comments with stories, and keeps the vectors of what it has seen lately."""

    def __init__(self, encoder: Encoder, folder: Path = weights.FOLDER) -> None:
        self._encoder = encoder
        self._elsewhere: Vector = np.load(weights.trusted(HEADLINES, folder)[0]).astype(np.float32)
        self._kept: OrderedDict[bytes, Vector] = OrderedDict()
        self._stories: OrderedDict[tuple[object, ...], Known] = OrderedDict()
        self._lock = threading.Lock()

    def answer(self, vector: Vector, story: Story) -> tuple[Answer, float | None]:
        """The percentile among the story's comments, and how near it is by itself."""
        known = self._known(story)
        near = self._near(vector, known, story.parent)
        if near is None:
            return Answer(None, reason="no story"), None
        if len(known.usual) == 0:
            return Answer(_percentile(near, ALONE), reason="near its story"), near
        usual, share = known.usual, len(known.usual) / (len(known.usual) + BELIEVED)
        own = _percentile(near, [usual[0] - 0.3, *usual, usual[-1] + 0.3])
        value = share * own + (1 - share) * _percentile(near, AMONG)
        return Answer(round(value, 4), reason="among its comments"), near

    def near(self, vector: Vector, story: Story) -> float | None:
        """How near a text is to a story and its comments; None where the story has no words."""
        return self._near(vector, self._known(story), story.parent)

    def _near(self, vector: Vector, known: Known, parent: str) -> float | None:
        near = None if known.told is None else float(vector @ known.told)
        if len(known.crowd) >= CROWD or (near is None and len(known.crowd)):
            common = float(vector @ _unit(known.crowd.sum(axis=0)))
            near = common if near is None else (near + common) / 2
        if parent:
            beside = 0.9 * float(vector @ self.vector_of(parent))
            near = beside if near is None else max(near, beside)
        return None if near is None else near - float(self._away(vector[None], known.others)[0])

    def _away(self, vectors: Vector, others: Vector) -> Vector:
        """How near texts are to other stories: the nearest counts."""
        away = AT_ALL * (vectors @ self._elsewhere.T).max(axis=1)
        if len(others):
            away = np.maximum(away, BESIDE * (vectors @ others.T).max(axis=1))
        return np.asarray(away, np.float32)

    def _known(self, story: Story) -> Known:
        key = (story.headline, story.opening, story.accepted, story.others)
        with self._lock:
            if key in self._stories:
                self._stories.move_to_end(key)
                return self._stories[key]
        made = self._work_out(story)
        with self._lock:
            self._stories[key] = made
            if len(self._stories) > KEPT_STORIES:
                self._stories.popitem(last=False)
        return made

    def _work_out(self, story: Story) -> Known:
        told = f"{story.headline}. {' '.join(story.opening.split()[:OPENING_WORDS])}".strip(". ")
        about = self.vector_of(told) if told else None
        accepted = [text for text in story.accepted[-LOOKED_AT:] if len(text.split()) >= LEAST_WORDS]
        crowd, others = self._rows(accepted), self._rows([text for text in story.others[:OTHERS] if text != told])
        return Known(about, crowd, others, self._usual(about, crowd, others))

    def _usual(self, told: Vector | None, crowd: Vector, others: Vector) -> Vector:
        """How near each accepted comment is to the story and the rest of them, in order."""
        if len(crowd) < CROWD:
            return np.empty(0, np.float32)
        near = (crowd * _unit(crowd.sum(axis=0) - crowd)).sum(axis=1)
        if told is not None:
            near = (near + crowd @ told) / 2
        return np.sort(near - self._away(crowd, others))

    def _rows(self, texts: Sequence[str]) -> Vector:
        return np.array([self.vector_of(text) for text in texts] or np.empty((0, 0)), np.float32)

    def vector_of(self, text: str) -> Vector:
        """A text's vector, worked out once while it is remembered."""
        key = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = self._encoder.vector(self._encoder.read(normalise(text).text))
        with self._lock:
            self._kept[key] = made
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return made


def _unit(vectors: Vector) -> Vector:
    """Vectors of length one."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), np.float32)


def _percentile(near: float, usual: Sequence[float]) -> float:
    """Where a number stands among others that are in order."""
    return round(float(np.interp(near, usual, np.linspace(0, 1, len(usual)))), 4)
