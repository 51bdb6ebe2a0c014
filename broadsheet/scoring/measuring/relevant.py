"""How well comments are told from comments under other stories."""

from __future__ import annotations

import random
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from broadsheet.scoring.answers import Story
from broadsheet.scoring.encoder import Encoder
from broadsheet.scoring.measuring.metrics import auc, figure
from broadsheet.scoring.relevance import CROWD, LEAST_WORDS, Relevance
from broadsheet.scoring.training import corpus

STORIES = 60
ACCEPTED = 24  # comments that a site knows of
EACH = 4  # comments of a story that are asked about


def measure(data: Path, encoder: Encoder) -> dict[str, Any]:
    """Own story against another one, for comments of twelve words and more."""
    relevance = Relevance(encoder)
    return {
        "by headline and summary (fox)": _by_headline(data, relevance),
        "by headline and summary, the other nine stories named (fox)": _by_headline(data, relevance, beside=True),
        "by all that a site knows (fox)": _by_headline(data, relevance, beside=True, accepted=ACCEPTED),
        "by its comments (c3)": _by_crowd(data, relevance),
    }


def _by_headline(data: Path, relevance: Relevance, *, beside: bool = False, accepted: int = 0) -> dict[str, Any]:
    """Stories by what they say, the other ones named or not, with or without comments that were accepted before."""
    rows = [row for row in corpus.rows("fox", data) if len(row.text.split()) >= LEAST_WORDS]
    asked = random.Random(5).sample(rows, min(300, len(rows)))  # noqa: S311
    opening = {row.columns["story_title"]: row.columns["story_summary"] for row in rows}
    keys = {row.key for row in asked}
    before: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row.key not in keys:
            before[row.columns["story_title"]].append(row.text)
    stories = {
        title: Story(
            title, title, opening[title], tuple(before[title][:accepted]),
            others=tuple(f"{name}. {summary}" for name, summary in opening.items() if beside and name != title),
        )
        for title in opening
    }  # fmt: skip
    pairs = []
    dice = random.Random(6)  # noqa: S311
    for row in asked:
        own = row.columns["story_title"]
        other = dice.choice([title for title in stories if title != own])
        pairs += [(row.text, stories[own], True), (row.text, stories[other], False)]
    return _told(pairs, relevance)


def _by_crowd(data: Path, relevance: Relevance) -> dict[str, Any]:
    under: dict[str, list[str]] = defaultdict(list)
    for row in corpus.rows("c3", data):
        if len(row.text.split()) >= LEAST_WORDS:
            under[row.columns["article"]].append(row.text)
    dice = random.Random(7)  # noqa: S311
    busy = sorted(article for article, texts in under.items() if len(texts) >= CROWD + EACH)
    chosen = dice.sample(busy, min(STORIES, len(busy)))
    stories, asked = {}, []
    for article in chosen:
        texts = under[article]
        stories[article] = Story(article, accepted=tuple(texts[EACH : EACH + ACCEPTED]))
        asked += [(text, article) for text in texts[:EACH]]
    pairs = []
    for text, own in asked:
        other = dice.choice([article for article in chosen if article != own])
        pairs += [(text, stories[own], True), (text, stories[other], False)]
    return _told(pairs, relevance)


def _told(pairs: list[tuple[str, Story, bool]], relevance: Relevance) -> dict[str, Any]:
    found = [relevance.answer(relevance.about(text), story) for text, story, _ in pairs]
    near = np.array([by_itself or 0.0 for _, by_itself in found])
    shown = np.array([answer.value for answer, _ in found])
    own = np.array([is_own for _, _, is_own in pairs])
    long = np.array([len(text.split()) >= 30 for text, _, _ in pairs])
    return {
        "pairs": len(pairs),
        "auc": figure(auc, own, near).told(),
        "auc, 30 words and more": figure(auc, own[long], near[long]).told(),
        "auc of the percentile": figure(auc, own, shown).told(),
        "own story, twentieths": [round(float(number), 3) for number in np.quantile(near[own], np.linspace(0, 1, 21))],
    }
