"""Whether what was learned from decisions holds harmless words for who they name.

Two questions. Of harmless sentences about each group, in English and in the languages of the decisions: how many would
be held? And of the newsroom's own approved comments, supposed that each of them had named a group: as many as by the
base model alone, and by what is in force? The second finds what the sentences do not: that decisions taught to go by
what the base model thinks of a name. For it nothing is scored: how a name moves the base model is known from the
sentences.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from broadsheet.scoring.answers import Scorer
from broadsheet.scoring.identities import TERMS, Term
from broadsheet.scoring.learning import INAPPROPRIATE, Learned, Look, look, supposed
from broadsheet.scoring.measuring import cases, named
from broadsheet.scoring.measuring.bias import MOST_FLAGGED
from broadsheet.scoring.measuring.metrics import threshold

FEWEST_APPROVED = 100  # before the newsroom's own threshold is known well enough to look at the sentences with
FEWEST_IN_LANGUAGE = 20  # decisions before a language is looked at by itself
MOST_FALSE_ALARMS = 0.02
SUPPOSED = 1_000  # approved comments, the latest, of which it is supposed that they name a group
MORE = 0.025  # of those: what is called more. Honest decisions came to 0.021, in either direction
_NEUTRAL = (("local", "neighbours"), ("musical", "musicians"), ("retired", "teachers"), ("tall", "farmers"))


@dataclass(frozen=True)
class Approved:
    """The approved comments among those that were decided about."""

    looks: Sequence[Look]
    is_approved: np.ndarray
    scores: Mapping[str, np.ndarray]  # "base", "now" and, where something is in force, "before": of all comments

    def of(self, name: str, language: str = "") -> np.ndarray:
        """Their scores; those in a language, where there are enough for a threshold of its own."""
        chosen = self.is_approved & np.array([not language or seen.language == language for seen in self.looks], bool)
        return np.asarray(self.scores[name][chosen if chosen.sum() >= FEWEST_APPROVED else self.is_approved])

    def threshold(self, name: str, language: str = "") -> float:
        """What 2 % of them are above; nothing is below it where there are none."""
        scores = self.of(name, language)
        return threshold(scores, MOST_FALSE_ALARMS) if len(scores) else -math.inf


# --- Sentences that name who somebody is ------------------------------------------------------------------------------


def worst(now: Learned, scorer: Scorer, approved: Approved) -> dict[str, Any]:
    """The term of whose harmless sentences most would be held, their share, and the language."""
    told = [_in_english(now, scorer, approved)]
    for code in named.LANGUAGES:
        if now.evidence(INAPPROPRIATE, code)[0] >= FEWEST_IN_LANGUAGE:
            told.append(_elsewhere(now, scorer, code, approved))
    return max(told, key=lambda each: each["share"])


def _in_english(now: Learned, scorer: Scorer, approved: Approved) -> dict[str, Any]:
    """At the threshold that 2 % of the newsroom's approved comments are above; but where these are so tame that the
    base model alone would hold many of the sentences there, at the lowest at which it holds few, moved as the
    threshold was.
    """
    sentences = _sentences(scorer)
    fair, own, moved = max(_fair(looks) for looks in sentences.values()), -math.inf, 0.0
    if approved.is_approved.sum() >= FEWEST_APPROVED:
        own = approved.threshold("now")
        moved = own - approved.threshold("base")
    at = max(own, fair + moved)
    share = {term: float(np.mean([_known(now, seen) > at for seen in looks])) for term, looks in sentences.items()}
    return _told(share, "en")


def _elsewhere(now: Learned, scorer: Scorer, code: str, approved: Approved) -> dict[str, Any]:
    """The same in another language. Only what was learned counts: a sentence is held, and is neither where it says
    "neighbours" instead, nor by the base model alone.
    """
    neutral, people = named.looks(code, scorer)
    at, before = approved.threshold("now", code), approved.threshold("base", code)
    plain = [_known(now, seen) > at for seen in neutral]
    share = {}
    for term, looks in people.items():
        held = [
            _known(now, seen) > at and not without and seen.base.get(INAPPROPRIATE, -math.inf) <= before
            for seen, without in zip(looks, plain, strict=True)
        ]
        share[term] = float(np.mean(held))
    return _told(share, code)


def _told(share: Mapping[str, float], language: str) -> dict[str, Any]:
    most = max(share, key=lambda term: share[term])
    return {"term": most, "share": round(share[most], 4), "language": language}


def _fair(looks: Sequence[Look]) -> float:
    """The lowest threshold at which the base model holds half as many of a term's sentences as the gate allows."""
    logits = sorted((seen.base.get(INAPPROPRIATE, -math.inf) for seen in looks), reverse=True)
    return logits[int(MOST_FLAGGED / 2 * len(logits))]


def _known(now: Learned, seen: Look) -> float:
    logit = now.logit(seen, INAPPROPRIATE)
    return -math.inf if logit is None else logit


_SENTENCES: dict[str, dict[str, list[Look]]] = {}  # by the base model's name


def _sentences(scorer: Scorer) -> dict[str, list[Look]]:
    """The harmless sentences of each term as the base model sees them: half a minute of work, once a process."""
    if scorer.name not in _SENTENCES:
        _SENTENCES[scorer.name] = {term.word: _seen(term, scorer) for term in TERMS}
    return _SENTENCES[scorer.name]


def _seen(term: Term, scorer: Scorer) -> list[Look]:
    texts = [text for _, text in cases.said_of(term)]
    return list(map(look, texts, scorer.score(texts)))


# --- Approved comments, had they named who somebody is ----------------------------------------------------------------


def worst_supposed(now: Learned, before: Learned | None, scorer: Scorer, approved: Approved) -> dict[str, Any]:
    """The term that would have most of the approved comments held more than before, had each of them said it.

    Refused is what would hold more than a tenth, and clearly more than the base model alone or what is in force.
    """
    of = np.array([bool(seen.given) for seen in approved.looks], bool) & approved.is_approved
    chosen = np.flatnonzero(of)[-SUPPOSED:]
    if len(chosen) < FEWEST_APPROVED:
        return {"term": "", "share": 0.0, "more": 0.0, "language": "en", "refused": False}
    looks = [approved.looks[at] for at in chosen]
    states = {"base": None, "now": now} | ({"before": before} if before else {})
    at = {name: approved.threshold(name) for name in states}
    found = []
    for term, moved in _moves(scorer).items():
        share = {
            name: float((supposed(state, approved.scores[name][chosen], looks, moved) > at[name]).mean())
            for name, state in states.items()
        }
        more = share["now"] - min(share["base"], share.get("before", 1.0))
        found.append((share["now"] > MOST_FLAGGED and more > MORE, more, share["now"], term))
    refused, more, held, term = max(found)
    return {"term": term, "share": round(held, 4), "more": round(more, 4), "language": "en", "refused": refused}


_MOVES: dict[str, dict[str, np.ndarray]] = {}  # by the base model's name


def _moves(scorer: Scorer) -> dict[str, np.ndarray]:
    """By how much each term moves the base model's logits: in its sentences, against those that name nobody."""
    if scorer.name not in _MOVES:
        neutral = np.mean([_given(_seen(Term(*words, "none"), scorer)) for words in _NEUTRAL], axis=0)
        moved = {term: (_given(looks) - neutral).mean(axis=0) for term, looks in _sentences(scorer).items()}
        _MOVES[scorer.name] = {term: np.nan_to_num(by) for term, by in moved.items()}
    return _MOVES[scorer.name]


def _given(looks: Sequence[Look]) -> np.ndarray:
    return np.array([seen.given for seen in looks], float)
