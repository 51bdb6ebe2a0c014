"""Words that say who somebody is, in every language that Broadsheet speaks besides English: a file for each.

A file is lists that a speaker can read and mend. Above the first section stand `neighbours` (people of no group, for
comparing), names for lists of endings (`A = - e em`), what may be written together before a word (`before`), and what
longer words begin with (`compounds`). In a section each line is people, as the sentences at the end name them, and all
words for who they are: a stem, a stroke, and its endings or the names of such lists ("-" is none). "_" stands for a
space or a hyphen. Words without a stroke, in a language that puts no spaces between words, are found anywhere.

Plain words and those that people choose for themselves are in it, each in the forms that its language has. Slurs are
not: what a newsroom rejects as one has to be learned.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from broadsheet.scoring.normal import small

FOLDER = Path(__file__).parent
LANGUAGES = tuple(sorted(file.stem for file in FOLDER.glob("*.txt")))
REMEMBERED = 1 << 15  # words, of each language
LONGEST = 40  # letters of a word that is looked up
LEAST_BEHIND = 3  # letters of a longer word behind who somebody is: "Polenta" is nobody

# Whose words are looked for: scripts tell Russian from Ukrainian and Japanese from Chinese only in longer texts.
_TOGETHER = {"ru": ("ru", "uk"), "uk": ("uk", "ru"), "zh": ("ja",)}
# What is written in several ways: hamza, the last letters of Arabic words, ё. Vowel signs and strokes are left out.
_VARIANTS = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه", "ё": "е"}
    | {sign: "" for sign in ("\u0640", "\u0670", *map(chr, range(0x64B, 0x653)))}
)
_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u064b-\u0652\u0670])*")
_KATAKANA, _KANJI = "[ァ-ヺー]", "[一-鿿]"

Spans = list[tuple[int, int]]


@dataclass(frozen=True)
class Told:
    """A file as it was read."""

    neighbours: str
    people: tuple[str, ...]  # as sentences name them
    sentences: tuple[str, ...]  # harmless ones, with {p} for people
    before: tuple[str, ...]
    compounds: tuple[str, ...]
    words: tuple[tuple[str, frozenset[str]], ...]  # stems and their endings; none for what is found anywhere


def spans(letters: str, language: str) -> Spans:
    """Where a text in small letters (`normal.small`) that is in this language says who somebody is."""
    codes = _together(language)
    return _finder(codes)(letters) if codes else []


def knows(language: str) -> bool:
    """Whether there are words for texts in this language."""
    return bool(_together(language))


@lru_cache(maxsize=64)
def _together(language: str) -> tuple[str, ...]:
    language = language.partition("-")[0]
    return _TOGETHER.get(language, (language,) if language in LANGUAGES else ())


def digest() -> int:
    """A number that changes with any of the words."""
    number = 0
    for code in LANGUAGES:
        number = zlib.crc32((FOLDER / f"{code}.txt").read_bytes().partition(b"[sentences]")[0], number)
    return number


# --- Finding them -----------------------------------------------------------------------------------------------------


@cache
def _finder(codes: tuple[str, ...]) -> Callable[[str], Spans]:
    """What finds the words of these languages."""
    files = [told(code) for code in codes]
    words = [word for file in files for word in file.words]
    if not any(endings for _, endings in words):
        anywhere = _anywhere([word for word, _ in words])
        return lambda letters: [match.span() for match in anywhere.finditer(letters)]
    stems: dict[str, set[str]] = {}
    for stem, endings in words:
        stems.setdefault(stem, set()).update(endings)
    before = tuple(dict.fromkeys(first for file in files for first in file.before))
    compounds = [stem for file in files for stem in file.compounds]
    several = _several([stem for stem in stems if "_" in stem], before)

    @lru_cache(maxsize=REMEMBERED)
    def named(word: str) -> int:
        """How many of the word's first letters say who somebody is."""
        plain = word.translate(_VARIANTS)
        for first in before if len(word) <= LONGEST else ():
            rest = plain.removeprefix(first)
            if plain.startswith(first) and any(rest[at:] in stems.get(rest[:at], ()) for at in range(len(rest), 1, -1)):
                return len(word)
        behind = len(plain) - LEAST_BEHIND
        return next((len(stem) for stem in compounds if len(stem) <= behind and plain.startswith(stem)), 0)

    def find(letters: str) -> Spans:
        found = [
            (match.start(), match.start() + many) for match in _WORD.finditer(letters) if (many := named(match[0]))
        ]
        return found + [match.span() for match in several.finditer(letters)] if several else found

    return find


def _several(phrases: Iterable[str], before: Iterable[str]) -> re.Pattern[str] | None:
    """Names of several words; None where there are none."""
    told = "|".join(re.escape(phrase).replace("_", r"\W{1,2}") for phrase in phrases)
    return re.compile(rf"\b(?:{'|'.join(before)})(?:{told})\b") if told else None


def _anywhere(words: Sequence[str]) -> re.Pattern[str]:
    """The longest word first. One in katakana ends where katakana does; one sign alone is no part of another word."""
    parts = []
    for word in sorted(words, key=len, reverse=True):
        edges = [
            _KATAKANA if re.match(_KATAKANA, sign) else _KANJI if len(word) == 1 else "" for sign in (word[0], word[-1])
        ]
        before, after = (f"(?<!{edges[0]})" if edges[0] else ""), (f"(?!{edges[1]})" if edges[1] else "")
        parts.append(before + re.escape(word) + after)
    first = "".join(sorted({word[0] for word in words}))  # asked first: it is four times as fast
    return re.compile(f"(?=[{re.escape(first)}])(?:{'|'.join(parts)})")


# --- Reading a file ---------------------------------------------------------------------------------------------------


@cache
def told(code: str) -> Told:
    """What the file of a language says."""
    said = (line for line in (FOLDER / f"{code}.txt").read_text("utf-8").splitlines() if not line.startswith("#"))
    above, *sections = "\n".join(said).split("\n[")
    heads = [line for line in above.splitlines() if line]
    lists = {name: ends for name, _, ends in (line.partition(" = ") for line in heads) if ends}
    given = {name: rest for name, _, rest in (line.partition(": ") for line in heads) if rest}
    lines = [line for part in sections if not part.startswith("sentences]") for line in part.splitlines()[1:] if line]
    spoken = next(part for part in sections if part.startswith("sentences]")).splitlines()[1:]
    people = [line.partition(": ") for line in lines]
    return Told(
        neighbours=given["neighbours"],
        people=tuple(name for name, _, _ in people),
        sentences=tuple(line for line in spoken if line),
        before=("", *map(_read, given.get("before", "").split())),
        compounds=tuple(sorted(map(_read, given.get("compounds", "").split()), key=len, reverse=True)),
        words=tuple(_word(word, lists) for _, _, words in people for word in words.split()),
    )


def _word(told: str, lists: dict[str, str]) -> tuple[str, frozenset[str]]:
    stem, stroke, endings = told.partition("/")
    if not stroke:
        return _read(stem), frozenset({""} if "_" in stem else ())
    return _read(stem), frozenset(_endings(endings.split(","), lists))


def _endings(told: Iterable[str], lists: dict[str, str]) -> Iterator[str]:
    for each in told:
        for ending in lists[each].split() if each in lists else [each]:
            yield "" if ending == "-" else _read(ending)


def _read(word: str) -> str:
    """As a comment's words are read."""
    return small(word)[0].translate(_VARIANTS)
