"""JSON that others send, read with limits."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NoReturn

from broadsheet.wire.items.item import UnreadableItem

MOST_BYTES = 10_000_000
DEEPEST = 40  # lists and objects in one another; a ninjs item with pictures in it has eight


def read_json(data: bytes) -> Any:
    """What the document says. Raises UnreadableItem."""
    if len(data) > MOST_BYTES:
        raise UnreadableItem(f"It is larger than {MOST_BYTES // 1_000_000} MB.")
    try:
        document = json.loads(data.decode("utf-8-sig"), parse_constant=_no_number)
    except UnicodeDecodeError:
        raise UnreadableItem("It is not text in UTF-8.") from None
    except RecursionError:
        raise UnreadableItem(_TOO_DEEP) from None
    except ValueError as fault:
        raise UnreadableItem(f"It is no JSON ({fault}).") from None
    if _depth(document) > DEEPEST:
        raise UnreadableItem(_TOO_DEEP)
    return document


_TOO_DEEP = f"Its lists and objects stand more than {DEEPEST} deep in one another."


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _depth(document: Any) -> int:
    depth, level = 0, [document]
    while level and depth <= DEEPEST:
        depth += 1
        level = [inner for outer in level for inner in _inside(outer)]
    return depth


def _inside(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list):
        yield from value
