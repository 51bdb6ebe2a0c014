"""Numbers as forms and addresses have them."""

from __future__ import annotations

DIGITS = 18  # of a number that every database takes as the number of a row


def whole(written: str | None, digits: int = DIGITS) -> int | None:
    """The whole number that somebody has written, 0 or more; None for anything else, and for one of more digits."""
    is_one = written and len(written) <= digits and written.isascii() and written.isdigit()
    return int(written) if written and is_one else None


def row_number(written: str | None) -> int:
    """A row's number as a form or an address names it; 0, which no row has, for anything else."""
    return whole(written) or 0
