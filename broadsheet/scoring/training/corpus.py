"""The labelled comments: which sets there are, what their licences allow, and which rows are kept aside to measure.

A row is kept aside by a hash of its words, so that a text is on one side whatever set it is in, and stays there when
sets grow. Only sets that may be used commercially are ever learned from (`LEARNABLE`); the others measure.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

TOXIC, INSULT, THREAT, OBSCENE, IDENTITY_ATTACK, SEVERE = HEADS = (
    "toxic", "insult", "threat", "obscene", "identity_attack", "severe",
)  # fmt: skip
HELD_PERCENT = 20
TUNED_PERCENT = 35  # of the rows kept aside
csv.field_size_limit(1 << 24)


class Fault(Exception):
    """A sentence about what a step was given, without a word of a comment."""


@dataclass(frozen=True)
class Source:
    """A file of labelled comments."""

    name: str
    licence: str
    what: str
    columns: dict[str, str]  # head or other label: column
    learnable: bool = True
    weight: float = 1.0
    also: tuple[str, ...] = ()  # columns that are read besides

    def file(self, folder: Path) -> Path:
        return folder / f"{self.name}.csv.gz"


_CC_BY_SA = "labels CC0 1.0 (Jigsaw), text CC BY-SA 3.0 (Wikipedia talk pages)"
SOURCES = {
    source.name: source
    for source in (
        Source(
            "jigsaw_multi", _CC_BY_SA, "Wikipedia talk pages, six kinds",
            {TOXIC: "toxic", SEVERE: "severe_toxic", OBSCENE: "obscene", THREAT: "threat", INSULT: "insult",
             IDENTITY_ATTACK: "identity_hate"},
        ),
        Source("jigsaw_binary", _CC_BY_SA, "Wikipedia talk pages", {TOXIC: "toxic"}),
        Source(
            "wiki_context", "Apache-2.0 (labels), text CC BY-SA 3.0 (Wikipedia talk pages)",
            "Wikipedia talk pages, natural shares", {TOXIC: "toxic"}, also=("perspective",),
        ),
        Source(
            "fox", "MIT", "comments under ten news stories", {TOXIC: "hateful"}, weight=2.0,
            also=("story_title", "story_summary"),
        ),
        Source("surge", "MIT", "social media", {TOXIC: "toxic"}, weight=2.0),
        Source("civil_toxic", "CC0 1.0", "comments under news stories, toxic ones only", {TOXIC: "toxic"}, weight=0.4),
        Source("spam_youtube", "CC BY 4.0 (UCI)", "comments under videos", {"spam": "spam"}),
        Source("spam_sms", "CC BY 4.0 (UCI)", "short messages", {"spam": "spam"}),
        Source(
            "c3", "CC BY-NC-SA 4.0 (assumed)", "a newspaper's comments", {}, learnable=False,
            also=("article", "toxicity_level"),
        ),
        Source(
            "ucc", "CC BY-NC-SA 4.0", "a newspaper's comments", {}, learnable=False, also=("hostile", "antagonise"),
        ),
    )
}  # fmt: skip
LEARNABLE = frozenset(name for name, source in SOURCES.items() if source.learnable)


@dataclass(frozen=True)
class Row:
    """One labelled comment."""

    key: str  # set and hash of the words: says which row this is without its words
    source: str
    text: str = field(repr=False)  # never in a log or a failing test's output
    labels: dict[str, float] = field(default_factory=dict)
    weight: float = 1.0
    columns: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def held(self) -> bool:
        """Whether it is kept aside to measure."""
        return int(self.key.rpartition(":")[2][:8], 16) % 100 < HELD_PERCENT


def fingerprint(text: str) -> str:
    """The same for texts that differ in case, spaces and signs only."""
    words = re.sub(r"[\W_]+", " ", text.casefold()).strip()
    return hashlib.sha256(b"broadsheet split:" + words.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@cache
def rows(name: str, folder: Path) -> tuple[Row, ...]:
    """All rows of a set, in the order of its file."""
    source = SOURCES[name]
    try:
        return tuple(_read(source, folder))
    except (gzip.BadGzipFile, EOFError, zlib.error, UnicodeDecodeError, csv.Error):
        raise Fault(f"{source.file(folder)} is damaged, or not CSV in UTF-8 that was packed by gzip.") from None
    except (ValueError, TypeError, AttributeError):  # what they say may be a comment's words
        raise Fault(f"{source.file(folder)} has a row without its text, or with a label that is no number.") from None


def _read(source: Source, folder: Path) -> Iterator[Row]:
    with gzip.open(source.file(folder), "rt", encoding="utf-8", newline="") as lines:
        table = csv.DictReader(lines)
        for column in ("text", *source.columns.values(), *source.also):
            if column not in (table.fieldnames or ()):
                raise Fault(f"{source.file(folder)} has no column {column}.")
        for columns in table:
            text = columns.pop("text")
            labels = {head: float(columns[column]) for head, column in source.columns.items()}
            if source.name == "c3":
                labels[TOXIC] = float(float(columns["toxicity_level"]) >= 2)
            if source.name == "ucc":
                labels[TOXIC] = float(columns["hostile"] == "1" or columns["antagonise"] == "1")
            yield Row(f"{source.name}:{fingerprint(text)}", source.name, text, labels, source.weight, columns)


def to_learn(names: tuple[str, ...], folder: Path) -> list[Row]:
    """The rows that may be learned from; refuses a set whose licence does not let weights ship."""
    for name in names:
        if name not in LEARNABLE:
            raise PermissionError(f"{name} ({SOURCES[name].licence}) may be measured with, not learned from.")
    return [row for name in names for row in rows(name, folder) if not row.held]


def held(name: str, folder: Path) -> list[Row]:
    """The rows kept aside to measure; all of a set that is never learned from."""
    return [row for row in rows(name, folder) if row.held or name not in LEARNABLE]


def is_for_tuning(row: Row) -> bool:
    """Whether a row kept aside is for fitting the blend; the others measure, and all of wiki_context do."""
    return row.source != "wiki_context" and int(row.key.rpartition(":")[2][8:], 16) % 100 < TUNED_PERCENT
