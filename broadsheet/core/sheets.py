"""The one writer of CSV: a cell that a spreadsheet would take for a formula is made plain words.

Source: OWASP, "CSV Injection". Whoever opens such a file trusts it, and words of readers' stand in it.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

FORMULAS = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "＝",
    "＋",
    "－",
    "＠",
)  # what a formula, or a way into one, begins with


def write(rows: Iterable[Iterable[Any]]) -> bytes:
    """The rows as CSV in UTF-8, with the mark by which spreadsheets know it. None is an empty cell."""
    return b"".join(pieces(rows))


def pieces(rows: Iterable[Iterable[Any]]) -> Iterator[bytes]:
    """The same piece by piece, for a sheet that is not to be held in memory."""
    yield codecs.BOM_UTF8
    for row in rows:
        line = io.StringIO()
        csv.writer(line).writerow([_cell(cell) for cell in row])
        yield line.getvalue().encode()


def _cell(value: Any) -> Any:
    """Numbers as they are; of text that begins like a formula, its words behind an apostrophe."""
    if value is None or isinstance(value, int | float):
        return value
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULAS) else text
