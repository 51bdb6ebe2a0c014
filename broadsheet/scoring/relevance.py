"""How near a comment is to its story and to what was said under it: to sort by and to explain, never to hide.

Nearness says "the same topic", not "worth reading": what readers call off topic is not found by it. A text of
fewer than twelve words says too little to tell. What counts is how much nearer a comment is to its own story than
to any other: some comments are near to everything that is news. The other stories are those that the caller names,
and else headlines of our own and what readers say under anything.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from broadsheet.scoring import weights
from broadsheet.scoring.answers import Answer, Story
from broadsheet.scoring.encoder import Encoder, Vector
from broadsheet.scoring.normal import normalise
from broadsheet.scoring.overlap import Table, Words, words_of

LEAST_WORDS = 12
OPENING_WORDS = 100
CROWD = 8  # accepted comments from which on they count beside the story
NEAREST = 2  # of them, which count by themselves: a discussion has many threads
LOOKED_AT = 40  # accepted comments
OTHERS = 30  # other stories
KEPT, KEPT_STORIES = 4_096, 128
BESIDE, INSTEAD = 0.3, 0.15  # how much less what is said anywhere takes away: beside other stories, without them
SOFT = 0.04  # of several that are about as near, each takes away a little more
ALIKE, DRAWN = 12, 0.6  # what is said anywhere that a story's vector is drawn towards, and how far
ELSEWHERE = "elsewhere.npy"
# How near comments are to their own story, in twentieths: without other comments, and with them.
ALONE = (
    -0.57, -0.24, -0.19, -0.16, -0.13, -0.12, -0.09, -0.07, -0.05, -0.03, 0.00, 0.03, 0.06, 0.10, 0.14, 0.17, 0.22,
    0.26, 0.33, 0.39, 0.76,
)  # fmt: skip
AMONG = (
    -0.50, -0.13, -0.09, -0.07, -0.04, -0.02, 0.00, 0.02, 0.04, 0.07, 0.09, 0.11, 0.13, 0.15, 0.17, 0.21, 0.25, 0.27,
    0.32, 0.41, 0.68,
)  # fmt: skip
BELIEVED = 24  # accepted comments by which a story's own percentile counts as much as stories in general


@dataclass(frozen=True)
class About:
    """What a text is about: its vector and its rare words, and how near it is to what is said anywhere."""

    vector: Vector
    words: Words
    anywhere: float


class Texts:
    """What several texts are about, to compare another with each."""

    def __init__(self, texts: Sequence[About]) -> None:
        self.vectors: Vector = np.array([each.vector for each in texts], np.float32)
        self._table = Table([each.words for each in texts])

    def near(self, text: About) -> Vector:
        """How near a text is to each."""
        found: Vector = self.vectors @ text.vector + self._table.shared(text.words)
        return found


@dataclass(frozen=True)
class Known:
    """What was worked out for a story once."""

    told: Texts | None  # headline and opening
    crowd: Texts | None  # its accepted comments, where they are enough
    common: Vector | None  # what those have in common
    others: Texts | None  # other stories
    usual: Sequence[float]  # how near the accepted comments are, in order; none where they are few


class Relevance:
    """Compares comments with stories, and keeps what it has made of texts lately."""

    def __init__(self, encoder: Encoder, folder: Path = weights.FOLDER) -> None:
        self._encoder = encoder
        self._elsewhere: Vector = np.load(weights.trusted(ELSEWHERE, folder)[0]).astype(np.float32)
        self._kept: OrderedDict[tuple[bytes, bool], About] = OrderedDict()
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
        value = share * _percentile(near, usual) + (1 - share) * _percentile(near, AMONG)
        return Answer(round(value, 4), reason="among its comments"), near

    def near(self, text: About, story: Story) -> float | None:
        """How near a text is to a story and its comments; None where the story has no words."""
        return self._near(text, self._known(story), story.parent)

    def _near(self, text: About, known: Known, parent: str) -> float | None:
        towards = [float(known.told.near(text)[0])] if known.told else []
        if known.crowd is not None and known.common is not None:
            nearest = float(np.sort(known.crowd.near(text))[-NEAREST:].mean())
            towards += [float(known.common @ text.vector), nearest, nearest]
        if parent:
            beside = 0.9 * float(Texts([self.about(parent)]).near(text)[0])
            towards = [max(beside, sum(towards) / len(towards)) if towards else beside]
        return sum(towards) / len(towards) - _away(text, known.others) if towards else None

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
        words = f"{story.headline}. {' '.join(story.opening.split()[:OPENING_WORDS])}".strip(". ")
        told = Texts([self.about(words, story=True)]) if words else None
        beside = [self.about(text, story=True) for text in story.others[:OTHERS] if text != words]
        others = Texts(beside) if beside else None
        crowd = [self.about(text) for text in story.accepted[-LOOKED_AT:] if len(text.split()) >= LEAST_WORDS]
        if not crowd or (told and len(crowd) < CROWD):
            return Known(told, None, None, others, ())
        texts = Texts(crowd)
        usual = _usual(told, crowd, texts, others) if len(crowd) >= CROWD else ()
        return Known(told, texts, _unit(texts.vectors.sum(axis=0)), others, usual)

    def about(self, text: str, *, story: bool = False) -> About:
        """What a text is about, worked out once while it is remembered."""
        key = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest(), story
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        normal = normalise(text).text
        made = self.made_of(self._encoder.vector(self._encoder.read(normal)), normal)
        made = self._drawn(made) if story else made
        with self._lock:
            self._kept[key] = made
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return made

    def made_of(self, vector: Vector, normal: str) -> About:
        """What a normalised text with this vector is about."""
        return About(vector, words_of(normal), _soft(self._elsewhere @ vector))

    def _drawn(self, story: About) -> About:
        """A story as readers would speak of it: its vector drawn towards what is said anywhere about the like."""
        near = self._elsewhere @ story.vector
        alike = np.argsort(-near, kind="stable")[:ALIKE]
        return replace(story, vector=_unit(story.vector + DRAWN * _unit(near[alike] @ self._elsewhere[alike])))


def _usual(told: Texts | None, crowd: Sequence[About], texts: Texts, others: Texts | None) -> list[float]:
    """How near each accepted comment is to the story and the rest of them, in order."""
    whole = texts.vectors.sum(axis=0)
    found = []
    for at, each in enumerate(crowd):
        nearest = float(np.sort(np.delete(texts.near(each), at))[-NEAREST:].mean())
        towards = [float(told.near(each)[0])] if told else []
        towards += [float(_unit(whole - each.vector) @ each.vector), nearest, nearest]
        found.append(sum(towards) / len(towards) - _away(each, others))
    return sorted(found)


def _away(text: About, others: Texts | None) -> float:
    """How near a text is to other stories: the nearest counts, and a little those that are about as near."""
    return _soft([text.anywhere - BESIDE, *others.near(text)]) if others else text.anywhere - INSTEAD


def _soft(found: Iterable[float]) -> float:
    """The greatest of some numbers, and a little more where others are about as great."""
    numbers = np.asarray(found, np.float32)
    most = numbers.max()
    return float(most + SOFT * np.log(np.exp((numbers - most) / SOFT).sum()))


def _unit(vector: NDArray[Any]) -> Vector:
    """The vector with length one."""
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-9), np.float32)


def _percentile(near: float, usual: Sequence[float]) -> float:
    """Where a number stands among others that are in order; what lies beyond them differs a little too."""
    places = [usual[0] - 0.3, *usual, usual[-1] + 0.3]
    return round(float(np.interp(near, places, np.linspace(0, 1, len(places)))), 4)
