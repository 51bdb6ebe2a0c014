"""The one writer of CSV: a cell that a spreadsheet would take for a formula is made plain words.

Source: OWASP, "CSV Injection". Whoever opens such a file trusts it, and words of readers' stand in it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
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
    file = io.StringIO()
    csv.writer(file).writerows([_cell(cell) for cell in row] for row in rows)
    return file.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> Any:
    """Numbers as they are; of text that begins like a formula, its words behind an apostrophe."""
    if value is None or isinstance(value, int | float):
        return value
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULAS) else text
