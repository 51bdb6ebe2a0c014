"""Harmless sentences that name who somebody is, in the languages besides English that a newsroom may learn in."""

from __future__ import annotations

from dataclasses import replace

from broadsheet.scoring import naming
from broadsheet.scoring.answers import Answer, Scorer
from broadsheet.scoring.learning import Look, look

LANGUAGES = naming.LANGUAGES
_LOOKS: dict[tuple[str, str], tuple[list[Look], dict[str, list[Look]]]] = {}  # by the base model's name and language


def said_of(code: str, people: str) -> list[str]:
    """The sentences of a language about these people."""
    filled = [sentence.format(p=people) for sentence in naming.told(code).sentences]
    return [text[:1].upper() + text[1:] for text in filled]


def looks(code: str, scorer: Scorer) -> tuple[list[Look], dict[str, list[Look]]]:
    """The sentences about neighbours and about each of those people, as what is learned sees them; once a process."""
    if (scorer.name, code) not in _LOOKS:
        told = naming.told(code)
        about = {people: _seen(said_of(code, people), code, scorer) for people in told.people}
        _LOOKS[scorer.name, code] = _seen(said_of(code, told.neighbours), code, scorer), about
    return _LOOKS[scorer.name, code]


def _seen(texts: list[str], code: str, scorer: Scorer) -> list[Look]:
    """As comments in that language, also those that are too short to tell."""
    return [
        look(
            text,
            scores
            if scores.language == code
            else replace(scores, language=code, inappropriate=Answer(None, reason="language"), parts={}),
        )
        for text, scores in zip(texts, scorer.score(texts), strict=True)
    ]
