"""Passwords: long, known to no list of breached ones, and otherwise anything at all.

Source: NIST SP 800-63B-4, section 3.1.1.2. A password that signs in alone has at least 15 characters (SHALL), and as
a second factor is a reader's choice, ours are all of that kind; at least 64 are taken (SHOULD; ours is 256, beyond
which hashing would be a burden); each code point counts as one; no composition rules, no change by the calendar, no
hints (SHALL NOT); compared with a list of common, expected and breached ones (SHALL); Unicode normalised by NFKC before
hashing (SHOULD).
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

SHORTEST_PASSWORD = 15
LONGEST_PASSWORD = 256
_LONGEST_WRITTEN = 4 * LONGEST_PASSWORD  # no form of Unicode puts more than four characters into one
_LONGEST_UNIT = 10  # a word and a few figures: said over and over, it is one that lists have
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "1234567890", "qwertyuiopasdfghjklzxcvbnm", "qwertzuiopasdfghjklyxcvbnm")
_ONE_LINE = 128  # bytes: longer than any line of the list of breached passwords


def normalised(password: str | None) -> str | None:
    """The password as it is hashed: the same letters give the same password on every keyboard and system.

    What is too long however it is written is left as it came: putting a long run of marks in order takes the square of
    its length, and anybody may send one to the sign-in form.
    """
    if password is None or len(password) > _LONGEST_WRITTEN:
        return password
    return unicodedata.normalize("NFKC", password)


class Length:
    """Neither too short to hold nor too long to hash."""

    def validate(self, password: str, user: Any = None) -> None:
        length = len(normalised(password) or "")
        if length < SHORTEST_PASSWORD:
            sentence = ngettext(
                "A password has at least %(n)s character; three or four words make a good one.",
                "A password has at least %(n)s characters; three or four words make a good one.",
                SHORTEST_PASSWORD,
            )
            raise ValidationError(sentence % {"n": SHORTEST_PASSWORD}, code="password_too_short")
        if length > LONGEST_PASSWORD:
            sentence = ngettext(
                "A password has at most %(n)s character.", "A password has at most %(n)s characters.", LONGEST_PASSWORD
            )
            raise ValidationError(sentence % {"n": LONGEST_PASSWORD}, code="password_too_long")

    def get_help_text(self) -> str:
        sentence = ngettext(
            "At least %(n)s character. Three or four words make a good one.",
            "At least %(n)s characters. Three or four words make a good one.",
            SHORTEST_PASSWORD,
        )
        return sentence % {"n": SHORTEST_PASSWORD}


class NotExpected:
    """Not what somebody would try first: the paper's name, a row of keys, one short word over and over."""

    def validate(self, password: str, user: Any = None) -> None:
        if not SHORTEST_PASSWORD <= len(normalised(password) or "") <= LONGEST_PASSWORD:
            return  # that is said already
        letters, paper = _signs(password), _signs(settings.SITE_NAME)
        left = letters.replace(paper, "") if paper else letters
        if len(left) < SHORTEST_PASSWORD // 2 or len(set(letters)) < 5 or _repeats(letters) or _is_row(letters):
            raise ValidationError(_("That password is one of the first that somebody would try."), code="expected")

    def get_help_text(self) -> str:
        return _("Not what somebody would try first.")


def _signs(words: str) -> str:
    """What counts: no spaces, no punctuation, no capitals."""
    return "".join(sign for sign in (normalised(words) or "").casefold() if unicodedata.category(sign)[0] not in "ZPC")


def _repeats(letters: str) -> bool:
    return bool(
        re.fullmatch(rf"(.{{1,{_LONGEST_UNIT}}}?)\1+.{{0,{_LONGEST_UNIT}}}", letters) and len(set(letters)) < 11
    )


def _is_row(letters: str) -> bool:
    rows = [row * (len(letters) // len(row) + 2) for row in _ROWS]
    return any(letters in row or letters in row[::-1] for row in rows)


class NotBreached:
    """Not in the newsroom's list of breached passwords, where it has one: the setting `breached_passwords`."""

    def validate(self, password: str, user: Any = None) -> None:
        path = settings.BREACHED_PASSWORDS
        if path and times_breached(normalised(password) or "", Path(path)):
            raise ValidationError(
                _("That password is on a list of passwords that were stolen elsewhere; please choose another."),
                code="password_breached",
            )

    def get_help_text(self) -> str:
        return _("Not one that was stolen elsewhere.")


def times_breached(password: str, path: Path) -> int:
    """How often a password was seen in breaches, by a sorted file of `HASH:count` lines; found in some 35 reads.

    The file is what Have I Been Pwned's downloader writes: SHA-1, in capitals, 40 GB, so it is searched where it lies.
    """
    wanted = hashlib.sha1(password.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest().upper().encode()
    with path.open("rb") as lines:
        low, high = 0, lines.seek(0, 2)
        while low < high:  # the line that holds `wanted`, if any, begins in [low, high)
            middle = (low + high) // 2
            start, line = _line_around(lines, middle, low)
            digest, _colon, count = line.strip().upper().partition(b":")
            if digest == wanted:
                return int(count or 1)
            low, high = (start + len(line), high) if digest < wanted else (low, start)
    return 0


def _line_around(lines: Any, position: int, least: int) -> tuple[int, bytes]:
    """The line that covers a position, with where it starts."""
    begin = max(least, position - _ONE_LINE)
    lines.seek(begin)
    before = lines.read(position - begin)
    start = begin + before.rfind(b"\n") + 1 if b"\n" in before else begin
    lines.seek(start)
    return start, lines.readline()
