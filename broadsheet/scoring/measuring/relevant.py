"""How well comments are told from comments under other stories: each against its own story and all others."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from broadsheet.scoring.answers import Story
from broadsheet.scoring.encoder import Encoder
from broadsheet.scoring.measuring.metrics import DRAWS, SEED, Figure, auc
from broadsheet.scoring.relevance import CROWD, LEAST_WORDS, LOOKED_AT, Relevance
from broadsheet.scoring.training import corpus

STORIES = 120
ACCEPTED = 24  # comments that a site knows of, drawn by lot
EACH = 4  # comments of a story that are asked about, where there are many stories


@dataclass(frozen=True)
class Asked:
    """A comment that is asked about."""

    text: str
    own: int  # its story's number
    place: float  # in its discussion: 0 is the first comment, 1 would be after the last


def measure(data: Path, encoder: Encoder) -> dict[str, Any]:
    """Own story against the others, for comments of twelve words and more."""
    relevance = Relevance(encoder)
    stories, under = _fox(data)
    bare = [replace(story, others=()) for story in stories]
    everyone = _asked(under)
    known, rest = _by_lot(stories, under)
    return {
        "by headline and summary (fox)": _told(everyone, lambda _: bare, relevance),
        "by headline and summary, the other nine stories named (fox)": _told(everyone, lambda _: stories, relevance),
        "by all that a site knows (fox)": _told(rest, lambda _: known, relevance),
        "by all that a site knows as the discussion goes on (fox)": _told(
            everyone[::2], lambda asked: _by_then(stories, under, asked.place), relevance
        ),
        "by its comments (c3)": _by_comments(data, relevance),
    }


def _fox(data: Path) -> tuple[list[Story], list[list[str]]]:
    """Ten stories, and the comments under each in their order."""
    opening: dict[str, str] = {}
    under: dict[str, list[str]] = defaultdict(list)
    for row in corpus.rows("fox", data):
        if len(row.text.split()) >= LEAST_WORDS:
            opening[row.columns["story_title"]] = row.columns["story_summary"]
            under[row.columns["story_title"]].append(row.text)
    stories = [
        Story(title, title, opening[title],
              others=tuple(f"{name}. {summary}" for name, summary in opening.items() if name != title))
        for title in opening
    ]  # fmt: skip
    return stories, [under[title] for title in opening]


def _asked(under: Sequence[Sequence[str]]) -> list[Asked]:
    return [Asked(text, own, at / len(texts)) for own, texts in enumerate(under) for at, text in enumerate(texts)]


def _by_lot(stories: list[Story], under: list[list[str]]) -> tuple[list[Story], list[Asked]]:
    """The stories with comments drawn by lot as those that were accepted, and all other comments."""
    dice = random.Random(5)  # noqa: S311
    drawn = [set(dice.sample(range(len(texts)), min(ACCEPTED, len(texts) // 2))) for texts in under]
    accepted = [tuple(texts[at] for at in sorted(chosen)) for texts, chosen in zip(under, drawn, strict=True)]
    rest = [[text for at, text in enumerate(texts) if at not in drawn[own]] for own, texts in enumerate(under)]
    return [replace(story, accepted=known) for story, known in zip(stories, accepted, strict=True)], _asked(rest)


def _by_then(stories: list[Story], under: list[list[str]], place: float) -> list[Story]:
    """The stories with the comments that came before such a place in each discussion."""
    return [
        replace(story, accepted=tuple(texts[: int(place * len(texts) + 1e-9)][-LOOKED_AT:]))
        for story, texts in zip(stories, under, strict=True)
    ]


def _by_comments(data: Path, relevance: Relevance) -> dict[str, Any]:
    """Many stories of which nothing is known but comments, drawn by lot."""
    under: dict[str, list[str]] = defaultdict(list)
    for row in corpus.rows("c3", data):
        if len(row.text.split()) >= LEAST_WORDS:
            under[row.columns["article"]].append(row.text)
    dice = random.Random(7)  # noqa: S311
    busy = sorted(article for article, texts in under.items() if len(texts) >= CROWD + EACH)
    chosen = dice.sample(busy, min(STORIES, len(busy)))
    mixed = [dice.sample(under[article], len(under[article])) for article in chosen]
    stories = [
        Story(article, accepted=tuple(texts[EACH : EACH + ACCEPTED]))
        for article, texts in zip(chosen, mixed, strict=True)
    ]
    return _told(_asked([texts[:EACH] for texts in mixed]), lambda _: stories, relevance)


def _told(asked: list[Asked], stories: Callable[[Asked], list[Story]], relevance: Relevance) -> dict[str, Any]:
    """The figures; their intervals are of other comments under these stories, and once of other stories."""
    found = [
        [relevance.answer(about, story) for story in stories(one)]
        for one, about in ((one, relevance.about(one.text)) for one in asked)
    ]
    near = np.array([[by_itself or 0.0 for _, by_itself in row] for row in found])
    shown = np.array([[answer.value for answer, _ in row] for row in found], float)
    own = np.array([one.own for one in asked])
    long = np.array([len(one.text.split()) >= 30 for one in asked])
    mine = own[:, None] == np.arange(near.shape[1])
    each = np.arange(len(own))
    return {
        "pairs": int(near.size),
        "auc": _figure(mine, near, each).told(),
        "auc, other stories drawn": _figure(mine, near, own).told(),
        "auc, 30 words and more": _figure(mine[long], near[long], each[: long.sum()]).told(),
        "auc of the percentile": _figure(mine, shown, each).told(),
        "own story, twentieths": [round(float(number), 3) for number in np.quantile(near[mine], np.linspace(0, 1, 21))],
    }


def _figure(mine: np.ndarray, scores: np.ndarray, groups: np.ndarray) -> Figure:
    """The AUC over all pairs, with its interval: comments are drawn again, those of a group together."""
    dice = np.random.default_rng(SEED)
    members = [np.flatnonzero(groups == group) for group in np.unique(groups)]
    drawn = []
    for _ in range(DRAWS):
        rows = np.concatenate([members[at] for at in dice.integers(0, len(members), len(members))])
        drawn.append(auc(mine[rows].ravel(), scores[rows].ravel()))
    low, high = np.nanquantile(drawn, [0.025, 0.975])
    return Figure(auc(mine.ravel(), scores.ravel()), float(low), float(high))
