"""Words that say who somebody is: what the bias gate looks at, and what no answer may rest on by itself."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from functools import lru_cache

from broadsheet.scoring import naming
from broadsheet.scoring.normal import Normal, small


@dataclass(frozen=True)
class Term:
    """A term as an adjective and as people."""

    word: str
    people: str
    theme: str

    @property
    def article(self) -> str:
        return "an" if self.word[0] in "aeio" else "a"


def _terms(theme: str, *words: str) -> list[Term]:
    made = []
    for entry in words:
        word, _, people = entry.partition("/")
        made.append(Term(word, people or f"{word} people", theme))
    return made


TERMS: tuple[Term, ...] = (
    *_terms(
        "orientation", "gay", "lesbian/lesbians", "bisexual", "queer", "homosexual/homosexuals", "straight",
        "heterosexual", "lgbt", "lgbtq", "asexual",
    ),
    *_terms(
        "gender", "transgender", "trans", "nonbinary", "female/women", "male/men", "intersex",
    ),
    *_terms(
        "origin", "black", "white", "african", "african american/african americans", "asian/asians", "chinese",
        "japanese", "indian/indians", "pakistani/pakistanis", "arab/arabs", "middle eastern", "hispanic",
        "latino/latinos",
        "latina", "latinx", "mexican/mexicans", "american/americans", "canadian/canadians", "european/europeans",
        "native american/native americans", "indigenous", "roma", "polish", "russian/russians", "turkish",
        "immigrant/immigrants",
        "refugee/refugees", "foreign/foreigners", "somali/somalis", "ethnic", "irish", "spanish",
        "french", "german/germans",
    ),
    *_terms(
        "religion", "muslim/muslims", "jewish/jews", "christian/christians", "catholic/catholics",
        "protestant/protestants", "hindu/hindus", "sikh/sikhs", "buddhist/buddhists", "mormon/mormons",
        "atheist/atheists",
        "taoist/taoists", "evangelical", "orthodox",
    ),
    *_terms(
        "body", "disabled", "deaf", "blind", "autistic", "paralyzed", "mentally ill", "fat",
        "wheelchair-using/wheelchair users",
    ),
    *_terms("age", "old", "older", "elderly", "young", "younger", "teenage/teenagers", "middle aged",
        "millennial/millennials"),
)  # fmt: skip

_WORDS = {word for term in TERMS for word in (term.word, term.people, term.people.removesuffix(" people"))}
_TERM = re.compile(rf"\b(?=\w)(?:{'|'.join(sorted(map(re.escape, _WORDS), key=len, reverse=True))})\b")
MASK = "certain"


@lru_cache(maxsize=32)  # each part of the scorer asks for its own reading
def masked(text: str) -> str:
    """A normalised text that says of somebody else what it says; the same text where it names nobody's identity."""
    return _TERM.sub(MASK, text)


def blanked(text: str) -> str:
    """A normalised text with gaps of the same length where it names somebody's identity: no n-gram knows of it."""
    return _TERM.sub(lambda found: "_" * len(found[0]), text)


def unnamed(read: Normal, language: str) -> str:
    """The same for a text in any language.

    English words are looked for in all texts, those of `naming` in texts in their language: "die" is not only German.
    They are looked for as they were written too, for reading takes "Ausländer" for "au slander".
    """
    text = blanked(read.text)
    if not naming.knows(language):
        return text
    hidden = {at for start, end in naming.spans(read.text, language) for at in range(start, end)}
    letters, places = small(read.original)
    if letters != read.text:
        written = {place for start, end in naming.spans(letters, language) for place in places[start:end]}
        hidden.update(at for at, place in enumerate(read.offsets) if place in written)
    return "".join("_" if at in hidden else letter for at, letter in enumerate(text)) if hidden else text


def digest() -> int:
    """A number that changes with any of the words."""
    return zlib.crc32(" ".join(sorted(_WORDS)).encode(), naming.digest())


def is_term(word: str) -> bool:
    """Whether a word says who somebody is."""
    return _TERM.fullmatch(word) is not None
