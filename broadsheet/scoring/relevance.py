"""How near a comment is to its story and to what was said under it: to sort by and to explain, never to hide.

Nearness says "the same topic", not "worth reading": what readers call off topic is not found by it. A text of
fewer than twelve words says too little to tell.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from hashlib import blake2b

import numpy as np

from broadsheet.scoring.answers import Answer, Story
from broadsheet.scoring.encoder import Encoder, Vector
from broadsheet.scoring.normal import normalise

LEAST_WORDS = 12
OPENING_WORDS = 100
CROWD = 8  # accepted comments from which on what they have in common counts as much as the story
LOOKED_AT = 40  # accepted comments
KEPT = 4_096  # vectors
# How near comments are to their own story, in twentieths: a percentile for stories without comments yet.
USUAL = (
    -0.02, 0.03, 0.07, 0.10, 0.13, 0.16, 0.18, 0.21, 0.23, 0.26, 0.28, 0.31, 0.33, 0.36, 0.39, 0.42, 0.46, 0.50, 0.55,
    0.62, 0.85,
)  # fmt: skip


class Relevance:
    """Compares comments with stories, and keeps the vectors of what it has seen lately."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._kept: OrderedDict[bytes, Vector] = OrderedDict()
        self._lock = threading.Lock()

    def answer(self, text: str, vector: Vector, story: Story) -> tuple[Answer, float | None]:
        """The percentile among the story's comments, and how near it is by itself."""
        crowd = self._crowd(story)
        near = self._nearness(vector, story, crowd)
        if near is None:
            return Answer(None, reason="no story"), None
        if len(crowd) >= CROWD:
            others = [
                self._nearness(each, story, crowd[:at] + crowd[at + 1 :], parent=False) or 0.0
                for at, each in enumerate(crowd)
            ]
            value = (sum(other < near for other in others) + 0.5) / (len(others) + 1)
            return Answer(round(value, 4), reason="among its comments"), near
        value = float(np.interp(near, USUAL, np.linspace(0, 1, len(USUAL))))
        return Answer(round(value, 4), reason="near its story"), near

    def near(self, vector: Vector, story: Story) -> float | None:
        """How near a text is to a story and its comments; None where the story has no words."""
        return self._nearness(vector, story, self._crowd(story))

    def _crowd(self, story: Story) -> list[Vector]:
        return [self.vector_of(other) for other in story.accepted[-LOOKED_AT:] if len(other.split()) >= LEAST_WORDS]

    def _nearness(self, vector: Vector, story: Story, crowd: list[Vector], *, parent: bool = True) -> float | None:
        told = f"{story.headline}. {' '.join(story.opening.split()[:OPENING_WORDS])}".strip(". ")
        near = float(vector @ self.vector_of(told)) if told else None
        if len(crowd) >= CROWD - 1 or (near is None and crowd):
            middle = np.mean(crowd, axis=0)
            common = float(vector @ (middle / max(float(np.linalg.norm(middle)), 1e-9)))
            near = common if near is None else (near + common) / 2
        if parent and story.parent:
            beside = 0.9 * float(vector @ self.vector_of(story.parent))
            near = beside if near is None else max(near, beside)
        return near

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
