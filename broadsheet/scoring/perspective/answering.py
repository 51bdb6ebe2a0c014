"""Answers both methods: what is asked, what our answers say to it, and what is refused because we do not know."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from broadsheet.scoring.answers import Scores
from broadsheet.scoring.perspective.attributes import ANSWERED, LANGUAGE, NOT_HERE, in_our_language
from broadsheet.scoring.perspective.batches import Batches, place_of
from broadsheet.scoring.perspective.bodies import Request
from broadsheet.scoring.perspective.keys import Key
from broadsheet.scoring.perspective.refusals import (
    Refusal,
    empty,
    malformed,
    not_in_language,
    refused,
    short,
    unknown_language,
)
from broadsheet.scoring.perspective.spans import in_units, sentences
from broadsheet.scoring.perspective.suggestions import Suggestions

log = logging.getLogger("broadsheet.scorer")

UNDETECTED = "und"


async def analyze(request: Request, key: Key, batches: Batches) -> dict[str, Any]:
    """The answer of `comments:analyze`."""
    if not request.text.strip():
        raise empty()
    if not request.requested:
        raise refused("NO_REQUESTED_ATTRIBUTES", "Missing requested_attributes")
    _know(request.requested)
    wanted = {name: least for name, least in request.requested.items() if _may_be_answered(name, request)}
    places = sentences(request.text) if request.per_sentence else []
    if len(places) < 2:
        places = []
    key.take_for_sentences("analyze", len(places))
    texts = [request.text, *(request.text[begin:end] for begin, end in places)]
    scores, *of_sentences = await batches.score(texts, key.settings.name)
    detected = _detected(scores)
    found = {}
    for name, least in wanted.items():
        if (value := _value(name, request, scores, detected)) is not None:
            spans = [(value, _whole(request.text))]
            if places:
                spans = [
                    (of_span, place)
                    for one, place in zip(of_sentences, in_units(request.text, places), strict=True)
                    if (of_span := read(name, one)) is not None
                ]
            if answer := _scores(value, spans, least):
                found[name] = answer
    answer = {"attributeScores": found, "languages": list(request.languages) or detected or [LANGUAGE]}
    if detected:
        answer["detectedLanguages"] = detected
    return answer | _token(request)


async def suggest(request: Request, asker: str, batches: Batches, suggestions: Suggestions) -> dict[str, Any]:
    """The answer of `comments:suggestscore`."""
    if not request.text.strip():
        raise empty()
    if not request.suggested:
        raise malformed("attributeScores", "Invalid value at 'attributeScores': must not be empty")
    _know(request.suggested)
    answer: dict[str, Any] = {"requestedLanguages": list(request.languages)} if request.languages else {}
    if suggestions.path is not None:
        (scores,) = await batches.score([request.text], asker)
        ours = {name: read(name, scores) for name in request.suggested}
        try:
            await asyncio.to_thread(suggestions.keep, asker, request, ours, scores.model)
        except OSError as fault:
            log.error("A suggestion could not be kept: %s", place_of(fault))
            raise Refusal(503, "The service is currently unavailable.", retry_after=60) from None
        if detected := _detected(scores):
            answer["detectedLanguages"] = detected
    return answer | _token(request)


def read(name: str, scores: Scores) -> float | None:
    """What our answers say of an attribute, from 0 to 1; None for unknown."""
    if name not in ANSWERED:
        return None
    value = ANSWERED[name](scores).value
    if value is None or value != value:
        return None
    return round(min(max(value, 0.0), 1.0), 7)


def _know(names: dict[str, Any]) -> None:
    for name in names:
        if name not in ANSWERED and name not in NOT_HERE:
            raise refused("INVALID_REQUEST", f"Unknown requested attribute: {short(name)}")


def _may_be_answered(name: str, request: Request) -> bool:
    """Whether what the caller says of the language leaves hope; refused at once where it does not."""
    foreign = [code for code in request.languages if not in_our_language(code)]
    if not foreign and (name in ANSWERED or not request.languages):
        return True
    if request.drop_unsupported:
        return False
    raise not_in_language(name, foreign or request.languages, ())


def _detected(scores: Scores) -> list[str]:
    return [scores.language] if scores.language not in ("", UNDETECTED) else []


def _value(name: str, request: Request, scores: Scores, detected: list[str]) -> float | None:
    """The score of the whole comment; None where it is to be left out."""
    value = read(name, scores)
    in_another = bool(not request.languages and detected and not in_our_language(detected[0]))
    if value is not None and not in_another:
        return value
    if request.drop_unsupported:
        return None
    if not detected and name in ANSWERED:
        raise unknown_language()
    raise not_in_language(name, (), detected or [UNDETECTED])


def _whole(text: str) -> tuple[int, int]:
    return in_units(text, [(0, len(text))])[0]


def _scores(value: float, spans: list[tuple[float, tuple[int, int]]], least: float | None) -> dict[str, Any]:
    answer: dict[str, Any] = {}
    kept = [(of_span, place) for of_span, place in spans if least is None or of_span >= least]
    if kept:
        answer["spanScores"] = [
            {"begin": begin, "end": end, "score": {"value": of_span, "type": "PROBABILITY"}}
            for of_span, (begin, end) in kept
        ]
    if least is None or value >= least:
        answer["summaryScore"] = {"value": value, "type": "PROBABILITY"}
    return answer


def _token(request: Request) -> dict[str, str]:
    return {} if request.client_token is None else {"clientToken": request.client_token}
