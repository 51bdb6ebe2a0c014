"""A comment as the models read it: small letters, with what makes two spellings differ only to a program taken away.

Look-alike letters, letters nobody sees, accents, figures and signs for letters, stretched, spaced and censored words
are read as people read them. The way back is kept: `Normal.span` gives the place in the original. Each character is
looked up in a table and each word once, with a bound on what is tried for it: the time is a constant times the length.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, product

from broadsheet.letters import SIGNS, STROKES, UNSEEN, latin_like
from broadsheet.scoring.lexicon import Lexicon, lexicon

# Signs and figures written for letters; those in LOOSE only where a known word comes out.
_LOOSE = frozenset("269")
_SIGNS = {**SIGNS, "|": "li", "£": "l", "¢": "c", "(": "c", "¡": "i"}
_WILD = "*#%&?"
_BETWEEN = "-._*/\\,~'’+|:;^=#"
LONGEST = 60  # characters of a word that is looked at closely

# What Unicode's own tables do not read as the letter it shows.
_SHOWN = {
    "❌": "x", "✖": "x", "✗": "x", "✘": "x", "⭕": "o", "✝": "t", "💲": "$", "❗": "!", "❕": "!", "ℹ": "i", "🔞": "",
    "ß": "ss", "ŋ": "n", "ſ": "s", "×": "x", "ɟ": "f", "ɯ": "m", **STROKES,
}  # fmt: skip
# Letters of other scripts that pass for Latin in a word that is Latin otherwise; Unicode's list of confusables lacks
# those that look alike in their small or italic shapes only.
_PASSING = {
    "а": "a", "в": "b", "с": "c", "ԁ": "d", "е": "e", "ё": "e", "є": "e", "ғ": "f", "ԍ": "g", "н": "h", "һ": "h",
    "і": "i", "ї": "i", "ј": "j", "к": "k", "ӏ": "l", "м": "m", "п": "n", "и": "n", "о": "o", "р": "p", "ԛ": "q",
    "г": "r", "я": "r", "ѕ": "s", "т": "t", "ц": "u", "ѵ": "v", "ѡ": "w", "ш": "w", "щ": "w", "х": "x", "у": "y",
    "ү": "y", "з": "3", "ь": "b", "б": "6", "д": "a", "л": "n", "ж": "x", "э": "e", "ы": "bi", "ю": "io",
    "α": "a", "β": "b", "ϲ": "c", "δ": "d", "ε": "e", "ϝ": "f", "γ": "y", "η": "n", "ι": "i", "ϳ": "j", "κ": "k",
    "λ": "a", "μ": "u", "ν": "v", "ο": "o", "ρ": "p", "σ": "o", "ς": "s", "τ": "t", "υ": "u", "ω": "w", "χ": "x",
    "θ": "o", "φ": "o", "ψ": "w", "π": "n", "ξ": "e", "ζ": "z",
    "օ": "o", "ս": "u", "ո": "n", "հ": "h", "ց": "g", "զ": "q", "ա": "w", "յ": "j", "ք": "p", "տ": "s", "ր": "r",
    "Ꭺ": "a", "ᗷ": "b", "Ꮯ": "c", "Ꭰ": "d", "Ꭼ": "e", "Ꮐ": "g", "Ꮋ": "h", "Ꭵ": "i", "Ꭻ": "j", "Ꮶ": "k", "Ꮮ": "l",
    "Ꮇ": "m", "Ꮲ": "p", "Ꮪ": "s", "Ꭲ": "t", "Ꮩ": "v", "Ꮃ": "w", "Ꮓ": "z", "∪": "u", "∩": "n", "∂": "d", "∑": "e",
}  # fmt: skip
_LATIN = re.compile(
    r"LATIN (?:SUBSCRIPT |SMALL |CAPITAL )?LETTER (?:SMALL CAPITAL |TURNED |REVERSED |SIDEWAYS |OPEN |SCRIPT |INVERTED "
    r"|CLOSED |LONG |BARRED |DOTLESS |STRETCHED |BLACKLETTER )*([A-Z])(?: WITH .*| BAR| ROTUNDA)?$"
)
_NEGATIVE = ((0x1F150, 0x1F169), (0x1F170, 0x1F189), (0x1F1E6, 0x1F1FF))  # white on black, and those that make flags
_SPACED = re.compile(r"(?<!\S)\w(?:\s{1,4}\S){2,}(?=[^\w\s]{0,3}(?:\s|$))")
_PIECES = re.compile(r"(?<!\S)[a-z]{1,9}(?: [a-z]{1,9}){2,60}(?![\w'])")
_TOKEN = re.compile(r"\S+")
_RUN = re.compile(r"(.)\1{2,}")
_DOUBLE = re.compile(r"(.)\1+")
_ADDRESS = re.compile(r"://|^www\.|\.(?:com|org|net|gov|edu|co|uk|de|fr|info|html?|php)\b|\w@\w")
_MEASURE = re.compile(
    r"[£$€]?\d[\d.,:/-]*(?:st|nd|rd|th|s|k|m|bn|mn|km|kg|am|pm|d|g|gb|mb|tb|x|p|ft|mph|cm|mm|hrs?|yrs?)?$"
)
_ODD = re.compile(r"[^a-z']")


@dataclass(frozen=True)
class Normal:
    """A text as the models read it, and for each of its characters the original's character it was made of."""

    text: str
    offsets: Sequence[int]
    original: str

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place in the original of a stretch of the text; what was left out in it and behind it is in it."""
        if not start < end:
            return (0, 0)
        first, last = self.offsets[start], self.offsets[end - 1] + 1
        after = self.offsets[end] if end < len(self.offsets) else len(self.original)
        while last < after and not self.original[last].isspace() and not self.original[last].isascii():
            last += 1
        while last < after and self.original[last] == self.original[last - 1]:
            last += 1
        return (first, max(last, first))


def normalise(text: str, words: Lexicon | None = None) -> Normal:
    """The text as the models read it."""
    known = words if words is not None else lexicon()
    letters, offsets = small(text)
    if not letters.isascii():
        letters = _latin_words(letters)
    letters, offsets = _one_by_one(letters, offsets, known)
    letters, offsets = _torn(letters, offsets, known)
    return Normal(*_word_by_word(letters, offsets, known), text)


# --- Characters -------------------------------------------------------------------------------------------------------


class _Table(dict[str, str]):
    """What each character is read as, found when it is met first."""

    def __missing__(self, character: str) -> str:
        read = self[character] = _read(character)
        return read


def _read(character: str) -> str:
    code, kind = ord(character), unicodedata.category(character)
    if character.isspace():
        return "\n" if character == "\n" else " "
    if character in _SHOWN:
        return _SHOWN[character]
    for low, high in _NEGATIVE:
        if low <= code <= high:
            return chr(ord("a") + code - low)
    if kind in {"Cc", "Cf", "Cs", "Mn", "Me"} or character in UNSEEN:
        return "" if kind != "Mn" or _is_accent(code) or character in UNSEEN else character
    plain = unicodedata.normalize("NFKD", character)
    if plain[0].isascii() or unicodedata.name(plain[0], "").startswith(("LATIN", "GREEK")):
        plain = "".join(part for part in plain if unicodedata.category(part) != "Mn")
    else:
        plain = unicodedata.normalize("NFKC", character)
    small = "".join(_SHOWN.get(part, part) for part in plain.lower()[:8] if not unicodedata.combining(part))
    if len(small) == 1 and not small.isascii() and (found := _LATIN.match(unicodedata.name(small, ""))):
        return found[1].lower()
    return small


def _is_accent(code: int) -> bool:
    """Whether a mark is one that Latin letters carry, and not a vowel of a script that writes them as marks."""
    return 0x300 <= code <= 0x36F or 0x1AB0 <= code <= 0x1AFF or 0x1DC0 <= code <= 0x1DFF or code >= 0x20D0


_TABLE = _Table({chr(code): chr(code).lower() for code in range(0x20, 0x7F)} | {"\n": "\n", "\t": " ", "\r": " "})


def small(text: str) -> tuple[str, Sequence[int]]:
    """A text in small letters, each character read for itself, and the place in the text of each of them."""
    if text.isascii() and text.isprintable():
        return text.lower(), range(len(text))
    made: list[str] = []
    offsets: list[int] = []
    for place, character in enumerate(text):
        read = _TABLE[character]
        made.append(read)
        if len(read) == 1:
            offsets.append(place)
        elif read:
            offsets.extend([place] * len(read))
    return "".join(made), offsets


def _latin_words(letters: str) -> str:
    """Words in which letters of another script pass for Latin ones, as Latin; the length stays.

    A word wholly in another script is taken for a disguise only among Latin or mixed words: Russian stays Russian.
    """
    latin = sum(letter.isascii() and letter.isalpha() for letter in letters)
    foreign = sum(not letter.isascii() and letter.isalpha() for letter in letters)
    words = [found for found in _TOKEN.finditer(letters) if not found[0].isascii()]
    disguised = latin >= foreign or any(_is_mixed(found[0]) for found in words)
    made, last = [], 0
    for found in words:
        word = found[0]
        mixed = _is_mixed(word)
        if not mixed and not disguised:
            continue
        read = "".join((_PASSING.get(letter) or _passing(letter) or letter)[0] for letter in word)
        if mixed or all(letter.isascii() for letter in read if letter.isalpha()):
            made += [letters[last : found.start()], read]
            last = found.end()
    return "".join(made) + letters[last:]


def _is_mixed(word: str) -> bool:
    """Whether letters of two scripts stand in one word."""
    ascii_too = any(letter.isascii() and letter.isalpha() for letter in word)
    return ascii_too and any(not letter.isascii() and letter.isalpha() for letter in word)


def _passing(letter: str) -> str:
    return "" if letter.isascii() or not letter.isalpha() else latin_like(letter)


# --- Letters that stand one by one ------------------------------------------------------------------------------------


def _one_by_one(letters: str, offsets: Sequence[int], known: Lexicon) -> tuple[str, Sequence[int]]:
    """Letters with spaces between them as the words they make."""
    made: list[str] = []
    places: list[int] = []
    last = 0
    for found in _SPACED.finditer(letters):
        at = [place for place in range(found.start(), found.end()) if not letters[place].isspace()]
        joined = list(_as_words(letters, at, known))
        if not joined:
            continue
        made.append(letters[last : found.start()])
        places.extend(offsets[last : found.start()])
        for number, word in enumerate(joined):
            if number:
                made.append(" ")
                places.append(offsets[word[0][1]] - 1)
            made.append("".join(letter for letter, _ in word))
            places.extend(offsets[place] for _, place in word)
        last = found.end()
    if not made:
        return letters, offsets
    return "".join(made) + letters[last:], [*places, *offsets[last:]]


def _as_words(letters: str, at: list[int], known: Lexicon) -> Iterator[list[tuple[str, int]]]:
    """The words that letters standing alone make: wider gaps part them, else what words are known does."""
    gaps = [after - before for before, after in pairwise(at)]
    least = min(gaps)
    groups: list[list[int]] = [[at[0]]]
    for gap, place in zip(gaps, at[1:], strict=True):
        if gap > least:
            groups.append([])
        groups[-1].append(place)
    if sum(letters[place].isalpha() for place in at) * 2 < len(at):
        return
    for group in groups:
        word = "".join(letters[place] for place in group)
        read = _deleet(word, known) or word
        if len(read) != len(word):
            read = word
        if len(groups) == 1 and read not in known and (len(read) < 4 or not read.isalpha()):
            return
        pieces = [read] if read in known or len(read) < 5 else known.parted(read) or [read]
        place = 0
        for piece in pieces:
            yield [(letter, group[place + number]) for number, letter in enumerate(piece)]
            place += len(piece)


def _torn(letters: str, offsets: Sequence[int], known: Lexicon) -> tuple[str, Sequence[int]]:
    """Words that spaces were put into, put together again: where many pieces are no words and together they are."""
    made: list[str] = []
    places: list[int] = []
    last = 0
    for run in _PIECES.finditer(letters):
        pieces = [found.span() for found in _TOKEN.finditer(letters, run.start(), run.end())]
        strange = sum(letters[start:end] not in known or end - start == 1 for start, end in pieces)
        if strange < 2 or strange * 4 < len(pieces):
            continue
        at = [place for start, end in pieces for place in range(start, end)]
        words = known.parted("".join(letters[place] for place in at))
        if not words or len(words) * 10 > len(pieces) * 8:
            continue
        made.append(letters[last : run.start()])
        places.extend(offsets[last : run.start()])
        place = 0
        for number, word in enumerate(words):
            if number:
                made.append(" ")
                places.append(offsets[at[place]] - 1)
            made.append(word)
            places.extend(offsets[each] for each in at[place : place + len(word)])
            place += len(word)
        last = run.end()
    if not made:
        return letters, offsets
    return "".join(made) + letters[last:], [*places, *offsets[last:]]


# --- Words ------------------------------------------------------------------------------------------------------------


def _word_by_word(letters: str, offsets: Sequence[int], known: Lexicon) -> tuple[str, Sequence[int]]:
    made: list[str] = []
    places: list[int] = []
    last = 0
    before: re.Match[str] | None = None
    for found in _TOKEN.finditer(letters):
        word = found[0]
        changed = None if word in known else _word(word, known)
        if changed is None:
            if before is not None and before.start() >= last and (two := _two_in_one(before, found, known)):
                made.append(letters[last : before.start()])
                places.extend(offsets[last : before.start()])
                made.append(two)
                places.extend(offsets[before.start() : before.end()])
                places.extend(offsets[found.start() : found.end()])
                last, before = found.end(), None
                continue
            before = found
            continue
        before = None
        made.append(letters[last : found.start()])
        places.extend(offsets[last : found.start()])
        for letter, place in changed:
            made.append(letter)
            places.append(offsets[found.start() + place])
        last = found.end()
    if not made:
        return letters, offsets
    return "".join(made) + letters[last:], [*places, *offsets[last:]]


def _two_in_one(before: re.Match[str], after: re.Match[str], known: Lexicon) -> str:
    """A word that a space was put into; empty for two words."""
    first, second = before[0], after[0]
    whole = first + second
    if after.start() - before.end() != 1 or len(whole) > 20 or not whole.isalpha():
        return ""
    if whole not in known.hidden or max(known.cost(first), known.cost(second)) <= known.cost(whole):
        return ""  # two words that are more frequent than the one: "a hole"
    return whole


@lru_cache(maxsize=1 << 14)
def _word(word: str, known: Lexicon) -> tuple[tuple[str, int], ...] | None:
    """The word as it is read, each letter with its place in it; None where it stays."""
    if len(word) > LONGEST or len(word) < 3 or _ADDRESS.search(word):
        return None
    start = next((at for at, letter in enumerate(word) if letter.isalnum() or letter in "@$!|€£"), len(word))
    end = next((at for at in range(len(word), start, -1) if word[at - 1].isalnum() or word[at - 1] in "$@*+"), start)
    core = word[start:end]
    read = _core(core, known)
    if read is None:
        return None
    before = [(letter, at) for at, letter in enumerate(word[:start])]
    after = [(letter, end + at) for at, letter in enumerate(word[end:])]
    return (*before, *((letter, start + place) for letter, place in read), *after)


def _core(core: str, known: Lexicon) -> list[tuple[str, int]] | None:
    """What is between a word's signs at either end, as it is read; None where it stays."""
    if core in known or len(core) < 3 or not any(letter.isalpha() for letter in core) or _MEASURE.match(core):
        return None
    plain = [(letter, at) for at, letter in enumerate(core)]
    if core.isalpha() or not _ODD.search(core):
        return _unstretched(plain, known) or _parted(core, known)
    if core.strip("*").isalpha() and not core.strip("*").startswith(core[0]):
        core = core.strip("*")
    if read := _deleet(core, known):
        plain = [(letter, at) for at, letter in enumerate(read)]
        return _unstretched(plain, known) or _parted(read, known) or plain
    if censored := _uncensored(core, known):
        return [(letter, at) for at, letter in enumerate(censored)]
    bare = [(letter, at) for letter, at in plain if letter not in _BETWEEN]
    joined = "".join(letter for letter, _ in bare)
    if len(bare) == len(core) or len(joined) < 3:
        return _unstretched(plain, known)
    parts = re.split(f"[{re.escape(_BETWEEN)}]+", core)
    alone = sum(len(part) == 1 for part in parts) * 2 > len(parts)
    read = joined if joined in known else _deleet(joined, known)
    fits = known.hidden if any(letter.isdigit() for letter in core) else known
    if read and len(read) == len(bare) and read in fits and not all(part in known or not part for part in parts):
        return [(letter, at) for letter, (_, at) in zip(read, bare, strict=True)]
    if read in known.hidden and len(read) == len(bare):
        return [(letter, at) for letter, (_, at) in zip(read, bare, strict=True)]
    if alone and len(parts) > 2:
        read = read or joined
        bare = [(letter, at) for letter, (_, at) in zip(read, bare, strict=False)]
        return _unstretched(bare, known) or _spread(bare, known.parted(read)) or bare
    shorter = _unstretched(bare, known)
    return shorter if shorter and "".join(letter for letter, _ in shorter) in known else None


def _deleet(core: str, known: Lexicon) -> str:
    """The word with letters for its figures and signs; empty where they are figures and signs."""
    odd = [at for at, letter in enumerate(core) if not letter.isalpha()]
    if not odd or len(core) < 3 or any(core[at] not in _SIGNS for at in odd) or len(odd) == len(core):
        return ""
    choices = [_SIGNS.get(letter, letter) for letter in core]
    doubtful = sum(len(letters) > 1 for letters in choices)
    if doubtful > 4:
        choices = [letters[0] for letters in choices]
    first = ""
    for letters in product(*choices):
        made = "".join(letters)
        first = first or made
        if made in known or _DOUBLE.sub(r"\1", made) in known.hidden:
            return made
    inside = all(0 < at < len(core) - 1 and core[at - 1].isalpha() for at in odd if core[at] not in _LOOSE)
    sure = all(core[at] not in _LOOSE for at in odd)
    return first if inside and sure and core[-1].isalpha() and len(odd) * 2 <= len(core) else ""


def _uncensored(core: str, known: Lexicon) -> str:
    """The word that stars stand in: the most frequent of those worth hiding that fit."""
    wild = [at for at, letter in enumerate(core) if letter in _WILD or letter in "-_.@!$"]
    if not wild or wild[0] == 0 or len(wild) == len(core):
        return ""
    if any(not letter.isalpha() for at, letter in enumerate(core) if at not in wild):
        return ""
    if not any(core[at] in _WILD for at in wild) and len(wild) < 2:
        return ""
    for word in known.like(core[0], len(core)):
        if all(at in wild or word[at] == core[at] for at in range(len(core))):
            return word
    if len(wild) > 1 or core[wild[0]] not in _WILD:
        return ""
    return known.likeliest(core[: wild[0]] + vowel + core[wild[0] + 1 :] for vowel in "aeiou")


def _unstretched(letters: list[tuple[str, int]], known: Lexicon) -> list[tuple[str, int]] | None:
    """The word with letters that stand many times in a row once or twice, whichever is a word."""
    word = "".join(letter for letter, _ in letters)
    if word in known:
        return None
    runs = [found.span() for found in _DOUBLE.finditer(word)]
    long = any(end - start > 2 for start, end in runs)
    if not runs or (not long and len(runs) < 2):
        return None
    keeps = product((1, 2), repeat=len(runs)) if len(runs) <= 4 else [(1,) * len(runs)]
    half = tuple(max(1, (end - start) // 2) for start, end in runs)  # each letter written twice
    tried = {}
    for keep in (*keeps, half):
        made = _cut(letters, [(start, end, most) for (start, end), most in zip(runs, keep, strict=True)])
        tried["".join(letter for letter, _ in made)] = made
    if best := known.likeliest(tried):
        return tried[best]
    if not long and len(runs) * 3 <= len(word):
        return None
    made = _cut(letters, [(start, end, 1 if end - start > 2 or not long else 2) for start, end in runs])
    return _spread(made, known.parted("".join(letter for letter, _ in made))) or made


def _cut(letters: list[tuple[str, int]], runs: list[tuple[int, int, int]]) -> list[tuple[str, int]]:
    made, last = [], 0
    for start, end, most in runs:
        made += letters[last : min(end, start + most)]
        last = end
    return made + letters[last:]


def _parted(core: str, known: Lexicon) -> list[tuple[str, int]] | None:
    """A long word that nobody knows, as the words it was made of; None where they are not known either."""
    if len(core) < 9 or not core.isascii() or not core.isalpha():
        return None
    return _spread([(letter, at) for at, letter in enumerate(core)], known.parted(core))


def _spread(letters: list[tuple[str, int]], pieces: list[str]) -> list[tuple[str, int]] | None:
    """The letters with a space between the pieces."""
    if len(pieces) < 2:
        return None
    made: list[tuple[str, int]] = []
    at = 0
    for piece in pieces:
        if made:
            made.append((" ", letters[at][1]))
        made += letters[at : at + len(piece)]
        at += len(piece)
    return made
