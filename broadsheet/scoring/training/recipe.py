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
PLAIN_WIKI = 4_500  # of the harmless rows of wiki_context: more of them do not help a TF-IDF
USUAL = 1_500  # more of them, learned from by nobody: they set the threshold
SEEN_SO = 0.6  # of a talk page's label: the share of Perspective's readers, who were more than the one vote beside it
OWN_WEIGHT = 0.6  # of our own sentences, beside a comment's one
OWN_IN_NGRAMS = 0.3  # a linear head cannot tell a quoted slur from a meant one: it learns the words and less of these


def comments(data: Path) -> list[Row]:
    """Comments by readers and editors of encyclopaedias, with their labels."""
    found = to_learn(tuple(name for name in SETS if name != "wiki_context"), data)
    talk = to_learn(("wiki_context",), data)
    toxic = [row for row in talk if row.labels[TOXIC]]
    return found + toxic + [row for row in talk if not row.labels[TOXIC]][:PLAIN_WIKI]


def comments_by_shares(data: Path) -> list[Row]:
    """The same and the other harmless talk but `usual`; of talk, how many find it toxic stands for whether it is.

    One comment in a hundred is toxic there and its label is one vote. Perspective's score of it, which the set has
    (Apache-2.0), guesses the share of readers who would say so, and tells the ninety-nine others apart.
    """
    more = [row for row in to_learn(("wiki_context",), data) if not row.labels[TOXIC]][PLAIN_WIKI + USUAL :]
    return [_by_share(row) if row.source == "wiki_context" else row for row in [*comments(data), *more]]


def _by_share(row: Row) -> Row:
    share = (1 - SEEN_SO) * row.labels[TOXIC] + SEEN_SO * float(row.columns["perspective"])
    return replace(row, labels={TOXIC: share})


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
