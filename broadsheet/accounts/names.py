"""Display names: what a reader may be called, so that nobody can pass for somebody else.

Source: Unicode Technical Standard 39 (confusables, mixed scripts); RFC 8266 (nicknames) for the comparison.
"""

from __future__ import annotations

import re
import unicodedata

from confusable_homoglyphs import categories, confusables

from broadsheet.core.refusals import Unacceptable
from broadsheet.core.text import is_blank

LONGEST_NAME = 40  # fits a byline on a phone; the longest names in two public comment corpora have 35
RESERVED = {
    "admin", "administrator", "editor", "editors", "moderator", "moderators", "staff", "support", "newsroom",
    "reporter", "webmaster", "root", "system", "everyone", "anonymous", "deleted", "removed", "help", "security",
}  # fmt: skip
# Scripts that are written together in one word as a matter of course (UTS 39, "highly restrictive").
TOGETHER = [
    {"LATIN"},
    {"LATIN", "HAN", "HIRAGANA", "KATAKANA"},
    {"LATIN", "HAN", "HANGUL"},
    {"LATIN", "HAN", "BOPOMOFO"},
]


def name_key(name: str) -> str:
    """What two names must not share: case, width, accents of look-alikes, spaces and invisible letters are ignored."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    letters = [_prototype(letter) for letter in folded if unicodedata.category(letter)[0] in "LN"]
    return "".join(letters)


def _prototype(letter: str) -> str:
    """The Latin letter this one is mistaken for, or itself."""
    if letter.isascii():
        return {"0": "o", "1": "l", "i": "l"}.get(letter, letter)
    for found in confusables.is_confusable(letter, greedy=True, preferred_aliases=["LATIN"]) or []:
        for look_alike in found["homoglyphs"]:
            if len(look_alike["c"]) == 1 and look_alike["c"].isascii() and look_alike["c"].isalnum():
                return _prototype(look_alike["c"].casefold())
    return letter


def checked_name(name: str) -> str:
    """The name as it may be shown. Raises Unacceptable with the reason; does not ask whether it is taken."""
    if any(unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Co", "Cn"} for letter in name):
        raise Unacceptable("A name cannot have invisible characters; please type it again.")
    name = " ".join(unicodedata.normalize("NFC", name).split())
    if is_blank(name) or not name_key(name):
        raise Unacceptable("Please choose a name with letters in it.")
    if len(name) > LONGEST_NAME:
        raise Unacceptable(f"A name has at most {LONGEST_NAME} characters.")
    if re.search(r"[<>&\"@#/\\\[\]{}|`]|://", name) or any(unicodedata.category(c) in {"So", "Sk"} for c in name):
        raise Unacceptable("A name has letters, figures, spaces and simple punctuation only.")
    if _stacked_marks(name):
        raise Unacceptable("That name has too many accents on one letter.")
    if not _scripts_go_together(name):
        raise Unacceptable("A name cannot mix alphabets that look alike.")
    if any(name_key(word) in _RESERVED_KEYS for word in [name, *name.split()]):
        raise Unacceptable("That name is kept for the newsroom; please choose another.")
    return name


def _stacked_marks(name: str) -> bool:
    return bool(
        re.search(
            r"[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u1ab0-\u1aff\u20d0-\u20ff]{3}",
            unicodedata.normalize("NFD", name),
        )
    )


def _scripts_go_together(name: str) -> bool:
    scripts = {categories.alias(letter) for letter in name if letter.isalpha()}
    scripts = {"HAN" if script == "CJK" else script for script in scripts}
    return len(scripts) < 2 or any(scripts <= family for family in TOGETHER)


_RESERVED_KEYS = {name_key(word) for word in RESERVED}
