"""Reads the JSON of a request strictly: what is not of the documented form is refused with the place of the fault.

As protocol buffers read JSON: names in camel or snake case, `null` for what is left out, numbers also as strings, one
string where a list of them is meant. Names that the reference does not have are refused, so that nobody sends a
misspelt `doNotStore` for a year.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from broadsheet.scoring.perspective.refusals import Refusal, malformed, refused, short, too_long

LONGEST_TEXT = 20 * 1024  # bytes of UTF-8
LONGEST_TOKEN = 4096  # characters of what is echoed or written down beside a suggestion
MOST_LANGUAGES = 50
LONGEST_LANGUAGE = 35  # characters of a code, for which BCP 47 asks to leave room
MOST_SPANS = 1000  # suggested for one attribute
HALF = re.compile("[\ud800-\udfff]")  # of a pair: JSON can name it, UTF-8 cannot

_CAPITAL = re.compile("[A-Z]")

Read = Callable[[Any, str], Any]


@dataclass(frozen=True)
class Suggested:
    """What a caller holds to be true of one attribute."""

    summary: float | None
    spans: tuple[tuple[int, int, float], ...]  # begin, end, score


@dataclass(frozen=True)
class Request:
    """The fields of both methods; what only one of them has is empty in the other."""

    text: str
    languages: tuple[str, ...]
    client_token: str | None
    session: str
    community: str
    do_not_store: bool
    requested: dict[str, float | None]  # by attribute, the score under which nothing is answered
    per_sentence: bool
    drop_unsupported: bool
    suggested: dict[str, Suggested]


def analyze(body: bytes) -> Request:
    """The request in the body of `comments:analyze`."""
    return _request(_ANALYZE(_json(body), ""))


def suggest(body: bytes) -> Request:
    """The request in the body of `comments:suggestscore`."""
    return _request(_SUGGEST(_json(body), ""))


def _json(body: bytes) -> Any:
    try:
        return json.loads(body.decode("utf-8-sig"), object_pairs_hook=_object, parse_constant=_no_number)
    except Refusal:
        raise
    except UnicodeDecodeError:
        raise malformed("", "Invalid JSON payload received. Text is not UTF-8.") from None
    except json.JSONDecodeError as fault:
        # Not json's own sentence with a piece of the text, as Google's has: logs of callers need not hold it either.
        raise malformed(
            "", f"Invalid JSON payload received. Parse error at line {fault.lineno}, column {fault.colno}."
        ) from None
    except RecursionError:
        raise malformed("", "Invalid JSON payload received. Message too deep.") from None
    except ValueError:  # a number of more digits than Python reads
        raise malformed("", "Invalid JSON payload received. Number out of range.") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise malformed("", "Invalid JSON payload received. A name stands twice in one object.")
    return found


def _no_number(name: str) -> NoReturn:
    raise malformed("", f"Invalid JSON payload received. {name} is not a number.")


def _wrong(place: str, kind: str) -> Refusal:
    return malformed(place, f"Invalid value at '{place}' ({kind})" if place else "Invalid JSON payload received.")


def _string(value: Any, place: str) -> str:
    if not isinstance(value, str):
        raise _wrong(place, "TYPE_STRING")
    return HALF.sub("\ufffd", value)


def _bool(value: Any, place: str) -> bool:
    if not isinstance(value, bool):
        raise _wrong(place, "TYPE_BOOL")
    return value


def _float(value: Any, place: str) -> float:
    try:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise ValueError
        number = float(value)
    except (ValueError, OverflowError):
        raise _wrong(place, "TYPE_FLOAT") from None
    if not math.isfinite(number):
        raise _wrong(place, "TYPE_FLOAT")
    return number


def _int32(value: Any, place: str) -> int:
    number = _float(value, place)
    if number != int(number) or not -(2**31) <= number < 2**31:
        raise _wrong(place, "TYPE_INT32")
    return int(number)


def _strings(value: Any, place: str) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(_string(item, f"{place}[{number}]") for number, item in enumerate(values))


def _list(read: Read) -> Read:
    def of(value: Any, place: str) -> list[Any]:
        if not isinstance(value, list):
            raise _wrong(place, "TYPE_LIST")
        return [read(item, f"{place}[{number}]") for number, item in enumerate(value)]

    return of


def _map(read: Read) -> Read:
    def of(value: Any, place: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise _wrong(place, "TYPE_MAP")
        return {_string(name, place): read(item, f"{place}['{short(name)}']") for name, item in value.items()}

    return of


def _message(**fields: Read) -> Read:
    camel = {_CAPITAL.sub(r"_\g<0>", name).lower(): name for name in fields} | {name: name for name in fields}

    def of(value: Any, place: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise _wrong(place, "TYPE_MESSAGE")
        found: dict[str, Any] = {}
        for name, item in value.items():
            if name not in camel:
                where = f" at '{place}'" if place else ""
                message = f'Invalid JSON payload received. Unknown name "{short(name)}"{where}: Cannot find field.'
                raise malformed(place, message)
            called = camel[name]
            if called in found:
                raise malformed(place, "Invalid JSON payload received. A name stands twice in one object.")
            if item is not None:
                found[called] = fields[called](item, f"{place}.{called}" if place else called)
        return found

    return of


def _text_type(value: Any, place: str) -> str:
    # "HTML" is taken and read as plain text: markup may lower what the scores are worth, as Google's reference says.
    if value not in ("PLAIN_TEXT", "HTML", "TEXT_TYPE_UNSPECIFIED"):
        raise refused("INVALID_REQUEST", "Unknown text type")
    return str(value)


def _score_type(value: Any, place: str) -> str:
    if value not in ("SCORE_TYPE_UNSPECIFIED", "PROBABILITY", "STD_DEV_SCORE", "PERCENTILE", "RAW"):
        raise _wrong(place, "TYPE_ENUM")
    return str(value)


_TEXT = _message(text=_string, type=_text_type)
_CONTEXT = _message(
    entries=_list(_TEXT),
    articleAndParentComment=_message(article=_TEXT, parentComment=_TEXT),
)
_SCORE = _message(value=_float, type=_score_type)
_BOTH: dict[str, Read] = {
    "comment": _TEXT,
    "context": _CONTEXT,
    "languages": _strings,
    "clientToken": _string,
    "sessionId": _string,
    "communityId": _string,
    "doNotStore": _bool,
}
_ANALYZE = _message(
    **_BOTH,
    requestedAttributes=_map(_message(scoreType=_score_type, scoreThreshold=_float)),
    spanAnnotations=_bool,
    dropUnsupportedAttributes=_bool,
)
_SUGGEST = _message(
    **_BOTH,
    attributeScores=_map(
        _message(summaryScore=_SCORE, spanScores=_list(_message(begin=_int32, end=_int32, score=_SCORE)))
    ),
)


def _request(found: dict[str, Any]) -> Request:
    text = found.get("comment", {}).get("text", "")
    if len(text) > LONGEST_TEXT or len(text.encode()) > LONGEST_TEXT:
        raise too_long()
    if len(found.get("languages", ())) > MOST_LANGUAGES:
        raise malformed("languages", f"Invalid value at 'languages': more than {MOST_LANGUAGES}")
    for number, code in enumerate(found.get("languages", ())):
        if len(code) > LONGEST_LANGUAGE:
            place = f"languages[{number}]"
            raise malformed(place, f"Invalid value at '{place}': more than {LONGEST_LANGUAGE} characters")
    context = found.get("context", {})
    if "entries" in context and "articleAndParentComment" in context:
        message = "Context can have either entries or article_and_parent_comment, but both fields were populated."
        raise refused("INVALID_REQUEST", message)
    for name in ("clientToken", "sessionId", "communityId"):
        if len(found.get(name, "")) > LONGEST_TOKEN:
            raise malformed(name, f"Invalid value at '{name}': more than {LONGEST_TOKEN} characters")
    return Request(
        text=text,
        languages=found.get("languages", ()),
        client_token=found.get("clientToken"),
        session=found.get("sessionId", ""),
        community=found.get("communityId", ""),
        do_not_store=found.get("doNotStore", False),
        requested={
            name: _probability(name, wanted, wanted.get("scoreThreshold"), "scoreType")
            for name, wanted in found.get("requestedAttributes", {}).items()
        },
        per_sentence=found.get("spanAnnotations", False),
        drop_unsupported=found.get("dropUnsupportedAttributes", False),
        suggested={name: _suggested(name, scores) for name, scores in found.get("attributeScores", {}).items()},
    )


def _probability(attribute: str, found: dict[str, Any], value: float | None, type_name: str) -> float | None:
    kind = found.get(type_name, "PROBABILITY")
    if kind not in ("PROBABILITY", "SCORE_TYPE_UNSPECIFIED"):
        message = f"Requested score type {kind} is not supported by attribute {short(attribute)}"
        raise refused("INVALID_REQUEST", message)
    return value


def _suggested(attribute: str, found: dict[str, Any]) -> Suggested:
    place = f"attributeScores['{short(attribute)}']"
    spans: list[tuple[int, int, float]] = []
    if len(found.get("spanScores", ())) > MOST_SPANS:
        raise malformed(place, f"Invalid value at '{place}.spanScores': more than {MOST_SPANS}")
    for number, span in enumerate(found.get("spanScores", ())):
        at = f"{place}.spanScores[{number}]"
        begin, end = span.get("begin"), span.get("end")
        if begin is None or end is None or not 0 <= begin <= end:
            raise malformed(at, f"Invalid value at '{at}': begin and end must be set, and in order")
        spans.append((begin, end, _value(attribute, span.get("score", {}), f"{at}.score")))
    summary = found.get("summaryScore")
    if summary is None and not spans:
        raise malformed(place, f"Invalid value at '{place}': must not be empty")
    return Suggested(
        None if summary is None else _value(attribute, summary, f"{place}.summaryScore"),
        tuple(spans),
    )


def _value(attribute: str, score: dict[str, Any], place: str) -> float:
    value = _probability(attribute, score, score.get("value"), "type")
    if value is None or not 0 <= value <= 1:
        raise malformed(place, f"Invalid value at '{place}': a value from 0 to 1 must be set")
    return value
