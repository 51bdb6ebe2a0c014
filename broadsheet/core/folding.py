"""Text as it is looked through: without what makes two spellings of a word differ to a program and not to a reader.

Every step is a table from one character to at most a few, looked up by `str.translate`, so the work and the length of
what comes out are a constant times what goes in. There is no pattern with a repetition inside a repetition here, nor
anywhere in this app.

A text is read in four ways:

- PLAIN: letters and figures are what they are, all else parts words;
- SIGNS: signs and capitals that pass for letters are letters ("$hit", "ВLОRPET" in Cyrillic capitals);
- JOINED: punctuation parts nothing, and letters set one by one are one word ("b.l.o.r.p.e.t", "b l o r p e t");
- LATER: the same where the first of such letters is a word of its own ("a b l o r p e t").
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache, lru_cache
from itertools import pairwise

from broadsheet.letters import SIGNS, STROKES, UNSEEN, latin_like

_ALIKE = {**{sign: letters[0] for sign, letters in SIGNS.items()}, "l": "i"}
_CLASSES = str.maketrans(_ALIKE)
_PASSES_FOR_LATIN = ("CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU", "LATIN")
_NO_SPACES = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN")  # between words
# Accents, and the vowel signs of Arabic and Hebrew, which most people leave out. Other scripts' marks are letters.
_MARKS = ((0x300, 0x36F), (0x483, 0x489), (0x591, 0x5C7), (0x610, 0x61A), (0x64B, 0x65F), (0x670, 0x670),
          (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE00, 0xFE0F), (0xFE20, 0xFE2F),
          (0xE0100, 0xE01EF))  # fmt: skip
_NOTHING = UNSEEN | {"\u0640"}  # and the Arabic stroke
_INSIDE = "\x01"  # what punctuation is while it is not yet known whether it parts anything; no text has one
_PIECE = re.compile(r"[^\s\x01]+")
_LONE_SIGN = re.compile(r"[!|+](?![^\W_])")
_STRETCH = re.compile(r"(.)\1*", re.DOTALL)
_WORD = re.compile(r"\S+")
_RUN = re.compile(r"(.)\1+", re.DOTALL)
ONE_BY_ONE = 3  # letters, from which on letters standing alone are read as one word


class Reading(Enum):
    """How a text is read."""

    PLAIN = "plain"
    SIGNS = "signs"
    JOINED = "joined"
    LATER = "later"


_TOGETHER = (Reading.JOINED, Reading.LATER)


class _Table(dict[int, str]):
    """What each character becomes, found when it is met for the first time."""

    def __init__(self, reading: Reading, *, exact: bool) -> None:
        super().__init__()
        self._reading, self._exact = reading, exact

    def __missing__(self, code: int) -> str:
        letters = _letters(chr(code), self._reading)
        made = letters if self._exact else "".join(_ALIKE.get(letter, letter) for letter in letters)
        self[code] = made
        return made


def _letters(character: str, reading: Reading) -> str:
    """What one character is read as: nothing, a space, or the small letters it is made of or passes for."""
    if reading != Reading.PLAIN:
        if character in SIGNS and not character.isalnum():
            return character
        if character.isupper() and (looks := _latin_like(character)):
            return looks
    read = "".join(_letter(part, reading) for part in unfolded(character))
    return f" {read} " if read.strip() and _stands_alone(read[0]) else read


def unfolded(character: str) -> str:
    """The character without case and width, its accents beside it."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    return apart[:8]  # nothing but a few Arabic phrases that are one character is longer


def _letter(part: str, reading: Reading) -> str:
    if part in _NOTHING or any(low <= ord(part) <= high for low, high in _MARKS):
        return ""
    if part.isascii():
        if part.isalnum():
            return part
        return _INSIDE if reading in _TOGETHER and not part.isspace() else " "
    kind = unicodedata.category(part)
    if kind == "Nd":
        return str(unicodedata.digit(part))
    if kind in {"Cf", "Cc"} and not part.isspace():
        return ""
    if kind[0] in "LMN":
        return STROKES.get(part) or _latin_like(part) or part
    return _INSIDE if reading in _TOGETHER and not part.isspace() else " "


@cache
def _latin_like(letter: str) -> str:
    """The small Latin letter that a letter passes for; empty where it passes for none."""
    if letter.isascii() or not unicodedata.name(letter, "").startswith(_PASSES_FOR_LATIN):
        return ""
    return latin_like(letter)


def _stands_alone(letter: str) -> bool:
    return not letter.isascii() and unicodedata.name(letter, "").startswith(_NO_SPACES)


_SHAPES = {reading: _Table(reading, exact=False) for reading in Reading}
_EXACT = {reading: _Table(reading, exact=True) for reading in Reading}


def plain_words(text: str) -> str:
    """The text as PLAIN reads it, letter by letter: what people are shown, and what texts are compared by."""
    return " ".join(text.translate(_EXACT[Reading.PLAIN]).split())


def shape(text: str, reading: Reading) -> str:
    """What a text and a phrase have in common when one is a disguise of the other.

    Letters of one class are one, letters written several times are written once, and a space stands at either end.
    """
    if reading == Reading.SIGNS:
        text = _lone_signs_out(text)
    read = text.translate(_SHAPES[reading])
    if reading in _TOGETHER:
        read = _together(read, reading)
    return squeezed(f" {read} ")


def _together(read: str, reading: Reading) -> str:
    """A text whose punctuation parts nothing; letter by letter only where letters stand alone one after the other."""
    words = read.replace(_INSIDE, "").split()
    alone = "".join(["1" if len(word) == 1 else "0" for word in words])
    if "1" * ONE_BY_ONE not in alone:
        return " ".join(words)
    return "".join([read[start:end] if end else " " for start, end in _joined(read, reading)])


def classed(exact: str) -> str:
    """Letters as the classes they are compared in: what may stand for one another is one."""
    return exact.translate(_CLASSES)


def squeezed(read: str) -> str:
    """Whatever stands several times in a row, once."""
    return _RUN.sub(r"\1", read)


def _lone_signs_out(text: str) -> str:
    """A sign that ends a sentence is no letter: "!", "|" and "+" count before a letter only."""
    return _LONE_SIGN.sub(" ", text)


def _joined(read: str, reading: Reading) -> Iterator[tuple[int, int]]:
    """The pieces of a text whose letters may stand alone: (start, end) of each, (0, 0) for what parts two words.

    Letters that stand alone, at least three, are one word. Where the gaps between them differ, the wider part words.
    """
    alone: list[tuple[int, int]] = []
    for found in _WORD.finditer(read):
        pieces = [found.span()]
        if _INSIDE in found[0]:
            pieces = [piece.span() for piece in _PIECE.finditer(read, *found.span())]
        if len(pieces) == 1 and pieces[0][1] - pieces[0][0] == 1:
            alone += pieces
        elif pieces:
            yield from _as_one(alone, reading)
            alone.clear()
            yield from pieces
            yield (0, 0)
    yield from _as_one(alone, reading)


def _as_one(alone: list[tuple[int, int]], reading: Reading) -> Iterator[tuple[int, int]]:
    """Letters that stand alone, one after the other, as the words they may be."""
    gaps = [after[0] - before[1] for before, after in pairwise(alone)]
    least = min(gaps) if len(alone) >= ONE_BY_ONE else 0
    for place, letter in enumerate(alone):
        yield letter
        first_apart = reading == Reading.LATER and place == 0
        if first_apart or place == len(gaps) or gaps[place] > least:
            yield (0, 0)


@dataclass(frozen=True)
class Laid:
    """A text's shape with the way back: which characters each letter of the shape was made of."""

    shape: str
    exact: str  # the letters before they were put into classes; a run of the shape is a stretch of these
    unfolded: str  # the same letters before a look-alike became Latin
    origin: list[int]  # the character of the text each of them was made of
    stretches: list[tuple[int, int]]  # of `exact`, for each letter of the shape


def laid(text: str, reading: Reading) -> Laid:
    """The same as `shape`, letter by letter; asked only where something was found."""
    source = _lone_signs_out(text) if reading == Reading.SIGNS else text
    exact, own, origin = _letter_by_letter(source, reading)
    if reading in _TOGETHER:
        exact, own, origin = _joined_again(exact, own, origin, reading)
    exact, own, origin = f" {exact} ", f" {own} ", [-1, *origin, len(text)]
    alike = classed(exact)
    stretches = [found.span() for found in _STRETCH.finditer(alike)]
    return Laid("".join([alike[start] for start, _ in stretches]), exact, own, origin, stretches)


def _letter_by_letter(source: str, reading: Reading) -> tuple[str, str, list[int]]:
    """What a text is read as, in small letters, in those of their own script, and which character each was made of."""
    table = _EXACT[reading]
    exact = source.translate(table)
    if len(exact) == len(source) and source.isascii():  # then each of them is one
        return exact, exact, list(range(len(source)))
    pieces = [table[ord(character)] for character in source]
    own = [
        made if character.isascii() else _own(character, made) for character, made in zip(source, pieces, strict=True)
    ]
    return exact, "".join(own), [place for place, made in enumerate(pieces) for _ in made]


@lru_cache(maxsize=4096)
def _own(character: str, letters: str) -> str:
    """The letters a character has in its own script, one for each that it is read as."""
    parts = "".join(part for part in unfolded(character) if part.isalnum() or part in SIGNS)
    return parts if len(parts) == len(letters) else letters


def _joined_again(exact: str, own: str, origin: list[int], reading: Reading) -> tuple[str, str, list[int]]:
    letters, owns, places = [], [], list[int]()
    for start, end in _joined(exact, reading):
        letters.append(exact[start:end] or " ")
        owns.append(own[start:end] or " ")
        places += origin[start:end] or [places[-1]]
    return "".join(letters), "".join(owns), places


def script_of(letter: str) -> str:
    """The script of a letter, by its name."""
    return unicodedata.name(letter, "").partition(" ")[0]


def main_script(text: str) -> str:
    """The script most letters of the beginning of a text are of; empty where it has none."""
    counts: dict[str, int] = {}
    for letter in text[:400]:
        if letter.isalpha():
            name = script_of(letter)
            counts[name] = counts.get(name, 0) + 1
    return max(counts, key=counts.__getitem__, default="")
