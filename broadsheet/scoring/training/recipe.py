"""What is learned from, in which portions: the one place to look at or change before the weights are made again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from broadsheet.scoring.training import sentences
from broadsheet.scoring.training.corpus import TOXIC, Row, held, to_learn

SETS = ("jigsaw_multi", "jigsaw_binary", "wiki_context", "fox", "surge")
NEWS = "civil_toxic"
ANYTHING = 1_000  # comments on news, with whose subjects a story's are compared
LEAST_TALK = 15  # words of such a comment
SPAM_SETS = ("spam_youtube", "spam_sms")
PLAIN_WIKI = 4_500  # of the harmless rows of wiki_context: all would drown the rest
USUAL = 1_500  # more of them, learned from by nobody: they set the threshold
OWN_WEIGHT = 0.6  # of our own sentences, beside a comment's one
OWN_IN_NGRAMS = 0.3  # a linear head cannot tell a quoted slur from a meant one: it learns the words and less of these


def comments(data: Path) -> list[Row]:
    """Comments by readers and editors of encyclopaedias, with their labels."""
    found = to_learn(tuple(name for name in SETS if name != "wiki_context"), data)
    talk = to_learn(("wiki_context",), data)
    toxic = [row for row in talk if row.labels[TOXIC]]
    return found + toxic + [row for row in talk if not row.labels[TOXIC]][:PLAIN_WIKI]


def more_talk(data: Path) -> list[Row]:
    """The harmless rows of wiki_context that are neither in `comments` nor in `usual`: n-grams have time for them."""
    return [row for row in to_learn(("wiki_context",), data) if not row.labels[TOXIC]][PLAIN_WIKI + USUAL :]


def usual(data: Path) -> list[Row]:
    """Harmless comments as they come, not learned from: where 2 % of such stand above is the threshold."""
    talk = [row for row in to_learn(("wiki_context",), data) if not row.labels[TOXIC]][PLAIN_WIKI : PLAIN_WIKI + USUAL]
    return talk + [row for row in held("fox", data) if not row.labels[TOXIC]]


def own(weight: float = OWN_WEIGHT) -> list[Row]:
    """Our own sentences about who people are."""
    return [replace(row, weight=weight) for row in sentences.rows()]


def own_for_tuning() -> list[Row]:
    """A tenth of them again, where the blend is fitted: without them the words would be believed too much."""
    return [replace(row, weight=0.3) for row in sentences.rows()[::10]]


def spam(data: Path) -> list[Row]:
    """Short messages and comments under videos, spam or not."""
    return to_learn(SPAM_SETS, data)


def talk_of_anything(data: Path) -> list[Row]:
    """Comments under news of all kinds, drawn by the hash of their words, of which nothing counts but the subject."""
    rows = [row for row in to_learn((NEWS,), data) if len(row.text.split()) >= LEAST_TALK]
    return sorted(rows, key=lambda row: row.key)[:ANYTHING]
