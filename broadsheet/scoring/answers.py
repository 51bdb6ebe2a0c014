"""What a scorer says about a comment: separate answers, each with its reasons, never one number for "quality".

An answer without a value is "unknown", and that is an answer: of a text in a language the model has not learned, a
number near zero would be a lie. Places are code points of the text as it was written, whatever a scorer made of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

KINDS = ("insult", "threat", "obscene", "identity_attack", "severe")
ADVANCES = ("link", "data", "anecdote", "opinion", "question", "answer")


@dataclass(frozen=True)
class Mark:
    """A passage that speaks for an answer."""

    start: int  # code points of the original text
    end: int
    weight: float  # how much it says for the answer; of one answer's marks the greatest says most
    why: str  # a code, such as "word", "source" or "experience": whoever shows it has the sentence


@dataclass(frozen=True)
class Answer:
    """One answer: 0 to 1, or None for unknown."""

    value: float | None
    marks: tuple[Mark, ...] = ()
    reason: str = ""  # a code: why it is unknown, or what decided it


@dataclass(frozen=True)
class Link:
    """A link in a comment and its record on this site, as the caller knows it."""

    host: str
    seen: int = 0  # comments with this host that were published before
    rejected: int = 0  # and those that were rejected


@dataclass(frozen=True)
class Facts:
    """What the caller knows about how a comment came in; its structure, nothing of the person."""

    links: tuple[Link, ...] = ()
    own_hosts: tuple[str, ...] = ()  # this site's: links to them are no links out
    near_duplicates: int = 0  # comments with nearly these words, lately
    account_minutes: float | None = None  # since the account was made
    approved_before: int = 0  # of this account's comments
    posts_last_hour: int = 0  # by this account, without this one
    honeypot: bool = False  # the field that people do not see was filled


@dataclass(frozen=True)
class Story:
    """What a comment stands under, for the answer about relevance and for "seen before?"."""

    key: str = ""  # the same key means the same words, so that what was worked out for them is kept
    headline: str = ""
    opening: str = ""  # the first hundred words or so
    accepted: tuple[str, ...] = ()  # comments that were published under it
    parent: str = ""  # the comment replied to
    parent_asks: bool = False  # set where the caller knows that the parent asks something
    others: tuple[str, ...] = ()  # other stories on this site, each as "headline. opening": what it is not about
    hosts: tuple[str, ...] = ()  # hosts linked to by the story and the comments before this one


UNKNOWN = Answer(None)


@dataclass(frozen=True)
class Scores:
    """All answers about one comment."""

    model: str  # name and version of what answered
    language: str  # a language's code, or "und" where there are no words to tell by
    inappropriate: Answer
    kinds: Mapping[str, Answer]  # KINDS
    spam: Answer
    advances: Mapping[str, Answer]  # ADVANCES
    relevance: Answer = UNKNOWN
    parts: Mapping[str, float] = field(default_factory=dict)  # what was blended, as logits, for those who look closer


class Scorer(Protocol):
    """Whatever answers: the models in this package, or another behind the same protocol."""

    name: str
    parts: tuple[str, ...]

    def score(
        self, texts: Sequence[str], stories: Sequence[Story | None] = (), facts: Sequence[Facts | None] = ()
    ) -> list[Scores]:
        """One Scores for each text, in order; `stories` and `facts` are empty or as long as `texts`."""
        ...
