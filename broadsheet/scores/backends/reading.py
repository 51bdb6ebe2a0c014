"""What another scorer may say, read strictly: numbers from 0 to 1 and passages of the text it was asked about.

A text can be written to make a language model say anything. So nothing is taken from an answer but these: what is no
number in its place is no answer, a passage that does not stand in the text is dropped, and no word is shown.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from broadsheet.scoring import language
from broadsheet.scoring.answers import ADVANCES, KINDS, Answer, Mark, Scores
from broadsheet.scoring.normal import normalise

PASSAGES, LONGEST_PASSAGE = 6, 300  # of one answer; characters
SILENT, UNSURE = Answer(None, reason="no answer"), Answer(None, reason="cannot tell")
QUOTED = "quoted"  # why a passage is marked


class Unreadable(ValueError):
    """The answer is not what docs/scorer-backends.md says it must be."""


@dataclass(frozen=True)
class Said:
    """Another scorer's answers about one text."""

    inappropriate: Answer = SILENT
    kinds: Mapping[str, Answer] | None = None
    spam: Answer = SILENT
    advances: Mapping[str, Answer] | None = None
    relevance: Answer = SILENT

    def scores(self, model: str, text: str) -> Scores:
        """The same as every scorer says it."""
        return Scores(
            model,
            language.language_of(normalise(text).text),
            self.inappropriate,
            {kind: SILENT for kind in KINDS} | dict(self.kinds or {}),
            self.spam,
            {name: SILENT for name in ADVANCES} | dict(self.advances or {}),
            self.relevance,
        )


NOTHING = Said()


def read_json(body: bytes | str) -> Any:
    """What the bytes say. Raises Unreadable for what is no JSON, for NaN, and for a name that stands there twice."""
    try:
        return json.loads(body, parse_constant=_refuse, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise Unreadable("It did not answer in JSON.") from None


def read_said(said: Any, text: str) -> Said:
    """One text's answers. Raises Unreadable where anything that is there is not what it must be."""
    if not isinstance(said, dict) or "inappropriate" not in said:
        raise Unreadable("Its answer does not say how inappropriate the comment is.")
    return Said(
        _answer(said["inappropriate"], text),
        _answers(said.get("kinds"), KINDS, text),
        _answer(said["spam"], text) if "spam" in said else SILENT,
        _answers(said.get("advances"), ADVANCES, text),
        _answer(said["relevance"], text) if "relevance" in said else SILENT,
    )


def _answers(said: Any, names: tuple[str, ...], text: str) -> dict[str, Answer]:
    if said is None:
        return {}
    if not isinstance(said, dict):
        raise Unreadable("Its answer has something else where answers by name should be.")
    return {name: _answer(said[name], text) for name in names if name in said}


def _answer(said: Any, text: str) -> Answer:
    """A number, or a number with passages; null is "cannot tell"."""
    value, passages = (said.get("value"), said.get("passages", [])) if isinstance(said, dict) else (said, [])
    if not _is_value(value) or not isinstance(passages, list) or not all(isinstance(one, str) for one in passages):
        raise Unreadable("Its answer has something else where a number from 0 to 1 should be.")
    return UNSURE if value is None else Answer(float(value), _marks(passages, text))


def _is_value(value: Any) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1)


def _marks(passages: list[str], text: str) -> tuple[Mark, ...]:
    """Where the passages stand; those that stand nowhere are dropped."""
    places = {(text.find(one), len(one)) for one in passages if len(one.strip()) > 1 and len(one) <= LONGEST_PASSAGE}
    return tuple(Mark(at, at + length, 1.0, QUOTED) for at, length in sorted(places) if at >= 0)[:PASSAGES]


def _refuse(name: str) -> Any:
    raise ValueError(name)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands there twice")
    return found
