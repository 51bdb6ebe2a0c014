"""Sentences of a comment, and places in it counted as the protocol counts: UTF-16 units, the end exclusive."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

MOST = 50  # spans of one comment; a text of many more sentences is told of in groups of neighbours

# Each alternative begins where a run of stops begins, and none gives back what it took: linear in any text.
_STOP = re.compile(r"(?<![.!?…。！？])(?:[。！？]++|[.!?…]++[\"'”’»)\]]*+(?=\s|$))")


def sentences(text: str) -> list[tuple[int, int]]:
    """Where each sentence begins and ends, in code points, without the space around it."""
    found = list(_trimmed(text, _pieces(text)))
    if len(found) <= MOST:
        return found
    size = -(-len(found) // MOST)
    groups = [found[first : first + size] for first in range(0, len(found), size)]
    return [(group[0][0], group[-1][1]) for group in groups]


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    begin = 0
    for line in text.splitlines(keepends=True):
        after = begin + len(line)
        for stop in _STOP.finditer(text, begin, after):
            yield begin, stop.end()
            begin = stop.end()
        yield begin, after
        begin = after


def _trimmed(text: str, pieces: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for begin, end in pieces:
        piece = text[begin:end]
        if kept := piece.strip():
            start = begin + len(piece) - len(piece.lstrip())
            yield start, start + len(kept)


def units(text: str) -> int:
    """How long a text is in UTF-16 units, as JavaScript and Java count."""
    return len(text) + (sum(character > "\uffff" for character in text) if not text.isascii() else 0)


def in_units(text: str, places: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same places in UTF-16 units; they come in order and do not overlap."""
    counted, at, found = 0, 0, []
    for begin, end in places:
        counted += units(text[at:begin])
        size = units(text[begin:end])
        found.append((counted, counted + size))
        counted, at = counted + size, end
    return found
