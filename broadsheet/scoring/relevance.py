"""How near a comment is to its story and to what was said under it: to sort by and to explain, never to hide.

Nearness says "the same topic", not "worth reading": what readers call off topic is not found by it. A text of
fewer than twelve words says too little to tell. What counts is how much nearer a comment is to its own story than
to any any other: some comments are near to everything that is news. The other stories are those that the caller names,
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
from broadsheet.scoring.overlap import Words, scaled, shared, together, words_of

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
    -0.24, -0.13, -0.10, -0.07, -0.05, -0.02, 0.00, 0.02, 0.05, 0.08, 0.10, 0.13, 0.16, 0.19, 0.24, 0.27, 0.31,
    0.36, 0.43, 0.53, 0.85,
)  # fmt: skip
AMONG = (
    -0.14, -0.03, 0.01, 0.04, 0.07, 0.09, 0.13, 0.15, 0.18, 0.21, 0.23, 0.26, 0.29, 0.31, 0.34, 0.36, 0.40, 0.45,
    0.48, 0.56, 0.77,
)  # fmt: skip
BELIEVED = 24  # accepted comments by which a story's own percentile counts as much as stories in general


@dataclass(frozen=True)
class About:
    """What a text is about: its vector and its rare words."""

    vector: Vector
    words: Words

    def near(self, other: About) -> float:
        return float(self.vector @ other.vector) + shared(self.words, other.words)


@dataclass(frozen=True)
class Known:
    """What was worked out for a story once."""

    told: About | None  # headline and opening
    common: About | None  # what its accepted comments have in common, where that counts
    others: tuple[About, ...]  # other stories
    usual: Sequence[float]  # how near the accepted comments are, in order; none where they are few


class Relevance:
    """Compares comments with stories, and keeps what it has made of texts lately."""

    def __init__(self, encoder: Encoder, folder: Path = weights.FOLDER) -> None:
        self._encoder = encoder
        self._elsewhere: Vector = np.load(weights.trusted(HEADLINES, folder)[0]).astype(np.float32)
        self._kept: OrderedDict[bytes, About] = OrderedDict()
        self._stories: OrderedDict[tuple[object, ...], Known] = OrderedDict()
        self._lock = threading.Lock()

    def answer(self, text: About, story: Story) -> tuple[Answer, float | None]:
        """The percentile among the story's comments, and how near it is by itself."""
        known = self._known(story)
        near = self._near(text, known, story.parent)
        if near is None:
            return Answer(None, reason="no story"), None
        if not known.usual:
            return Answer(_percentile(near, ALONE), reason="near its story"), near
        usual, share = known.usual, len(known.usual) / (len(known.usual) + BELIEVED)
        own = _percentile(near, [usual[0] - 0.3, *usual, usual[-1] + 0.3])
        value = share * own + (1 - share) * _percentile(near, AMONG)
        return Answer(round(value, 4), reason="among its comments"), near

    def near(self, text: About, story: Story) -> float | None:
        """How near a text is to a story and its comments; None where the story has no words."""
        return self._near(text, self._known(story), story.parent)

    def _near(self, text: About, known: Known, parent: str) -> float | None:
        towards = [text.near(other) for other in (known.told, known.common) if other is not None]
        near = sum(towards) / len(towards) if towards else None
        if parent:
            beside = 0.9 * text.near(self.about(parent))
            near = beside if near is None else max(near, beside)
        return None if near is None else near - self._away(text, known.others)

    def _away(self, text: About, others: Sequence[About]) -> float:
        """How near a text is to other stories: the nearest counts."""
        anywhere = AT_ALL * float((self._elsewhere @ text.vector).max())
        return max([anywhere, *(BESIDE * text.near(other) for other in others)])

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
        about = self.about(told) if told else None
        others = tuple(self.about(text) for text in story.others[:OTHERS] if text != told)
        crowd = [self.about(text) for text in story.accepted[-LOOKED_AT:] if len(text.split()) >= LEAST_WORDS]
        if not crowd or (about and len(crowd) < CROWD):
            return Known(about, None, others, ())
        vectors, words = np.sum([each.vector for each in crowd], axis=0), together([each.words for each in crowd])
        common = About(_unit(vectors), scaled(words))
        usual = self._usual(about, crowd, About(vectors, words), others) if len(crowd) >= CROWD else ()
        return Known(about, common, others, usual)

    def _usual(self, told: About | None, crowd: list[About], whole: About, others: Sequence[About]) -> list[float]:
        """How near each accepted comment is to the story and the rest of them, in order."""
        found = []
        length = shared(whole.words, whole.words)
        for each in crowd:
            inside = shared(each.words, whole.words)
            own = shared(each.words, each.words)
            rest = (inside - own) / max(length - 2 * inside + own, 1e-9) ** 0.5
            near = float(each.vector @ _unit(whole.vector - each.vector)) + rest
            near = near if told is None else (near + each.near(told)) / 2
            found.append(near - self._away(each, others))
        return sorted(found)

    def about(self, text: str) -> About:
        """What a text is about, worked out once while it is remembered."""
        key = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        normal = normalise(text).text
        made = About(self._encoder.vector(self._encoder.read(normal)), words_of(normal))
        with self._lock:
            self._kept[key] = made
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return made


def _unit(vector: Vector) -> Vector:
    """The vector with length one."""
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-9), np.float32)


def _percentile(near: float, usual: Sequence[float]) -> float:
    """Where a number stands among others that are in order."""
    return round(float(np.interp(near, usual, np.linspace(0, 1, len(usual)))), 4)
