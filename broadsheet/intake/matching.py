"""Looking for very many phrases in a text at once, in time that grows with the text alone.

The phrases stand in an automaton by Aho and Corasick, each in its shape (intake.folding) with a space at either end, so
that only whole words are found: "class" holds no other word. What the automaton finds is a candidate; it is then
compared letter by letter, by what a disguise may do: a letter written three times and more may have been one, a figure
inside a word may be a letter, a letter of another script may be the one it looks like. So every hit can be explained
and marked, and two words that merely share a shape are told apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

import ahocorasick

from broadsheet.core.folding import (
    Laid,
    Reading,
    classed,
    laid,
    main_script,
    script_of,
    shape,
    squeezed,
)
from broadsheet.letters import SIGNS

LONGEST_ENTRY = 100  # characters
MOST_HITS = 50  # more of them say nothing more about a comment
ALIKE_KEPT = 16  # entries of one shape that are told apart: "ill", "lil" ...; of more, the first
STRETCHED = 3  # times a letter stands in a row before it may have been fewer
LEAST_DISGUISED = 3  # letters of a word in which figures are looked for: "A7" is a road
WORK_A_LETTER = 64  # letters compared for each letter of a text, on the average; with more to do we stop


@dataclass(frozen=True)
class Hit:
    """An entry of a list that stands in a text, at which characters, and whether it is disguised there."""

    listing: int
    entry: str
    start: int
    end: int
    disguised: bool


@dataclass(frozen=True)
class Hits:
    """Everything that was found; `complete` is false where a text was too dense to be read to its end."""

    found: tuple[Hit, ...] = ()
    complete: bool = True


@dataclass(frozen=True)
class _Form:
    """One way in which an entry is written: its letters, and those of its own script."""

    listing: int
    entry: str
    exact: str
    own: str


@dataclass
class _Place:
    """What ends at one state of the automaton: the forms of one shape, and whether a word may go on at either end."""

    length: int
    open_start: bool
    open_end: bool
    forms: list[_Form]


@dataclass
class _Likeness:
    """How a stretch of text is like a form: letters as they are, look-alikes of another script, figures and signs."""

    genuine: int = 0
    look_alike: str = ""  # the first of them
    figures: int = 0
    stretched: bool = False


def why_not_entry(entry: str) -> str:
    """Why a line cannot be an entry: "long", "empty", "short" (it would be found everywhere); "" where it can."""
    if len(entry) > LONGEST_ENTRY:
        return "long"
    letters = "".join(exact for exact, _ in _words(entry.strip("*")))
    if not letters:
        return "empty"
    least = LEAST_DISGUISED if entry.startswith("*") or entry.endswith("*") else 2
    return "short" if letters.isascii() and len(letters) < least else ""


class Matcher:
    """The entries of all lists of a newsroom, ready to be looked for. Built once, then only read: threads share it."""

    def __init__(self, entries: Iterable[tuple[int, str, bool]]) -> None:
        """From (number of the list, entry, whether it is somebody's name)."""
        self._places: list[_Place] = []
        self._automaton = ahocorasick.Automaton(ahocorasick.STORE_INTS)
        for listing, entry, is_name in entries:
            bare = entry.strip("*")
            for exact, own in _ways(bare, is_name=is_name):
                self._add(_Form(listing, entry, exact, own), entry.startswith("*"), entry.endswith("*"))
        if self._places:
            self._automaton.make_automaton()

    def __len__(self) -> int:
        return len(self._places)

    def _add(self, form: _Form, open_start: bool, open_end: bool) -> None:
        key = squeezed(("" if open_start else " ") + classed(form.exact) + ("" if open_end else " "))
        number = self._automaton.get(key, -1)
        if number < 0:
            self._automaton.add_word(key, len(self._places))
            self._places.append(_Place(len(key), open_start, open_end, [form]))
        elif len(self._places[number].forms) < ALIKE_KEPT:
            self._places[number].forms.append(form)

    def hits(self, text: str) -> Hits:
        """Every entry that stands in the text, in the order in which it does; at most MOST_HITS."""
        found: dict[tuple[int, str, int], Hit] = {}
        known: set[int] = set()  # what was found in a reading before: it would only be found there again
        allowance = WORK_A_LETTER * (len(text) + 100)
        if not self._places:
            return Hits()
        for reading, read in _readings(text):
            way_back: Laid | None = None
            here: set[int] = set()
            for last, number in self._automaton.iter(read):
                if number in known:
                    continue
                place = self._places[number]
                way_back = way_back or laid(text, reading)
                for form in place.forms:
                    allowance -= len(form.exact) + place.length
                    if allowance < 0:
                        return Hits(_in_order(found), complete=False)
                    if hit := _compare(form, place, way_back, last + 1, reading, text):
                        found.setdefault((hit.listing, hit.entry, hit.start), hit)
                        here.add(number)
                if len(found) >= MOST_HITS:
                    return Hits(_in_order(found))
            known |= here
        return Hits(_in_order(found))


def _in_order(found: dict[tuple[int, str, int], Hit]) -> tuple[Hit, ...]:
    return tuple(sorted(found.values(), key=lambda hit: (hit.start, hit.end, hit.listing)))


def _readings(text: str) -> Iterator[tuple[Reading, str]]:
    """The text's shape in each reading that differs from those before it."""
    seen = set()
    for reading in Reading:
        if (read := shape(text, reading)) not in seen:
            seen.add(read)
            yield reading, read


# --- Entries ----------------------------------------------------------------------------------------------------------


def _ways(entry: str, *, is_name: bool) -> set[tuple[str, str]]:
    """The ways an entry is looked for: as it is; without its hyphens; a name also turned round and in one word."""
    if entry.isascii() and not is_name and all(len(word) > 1 and word.isalnum() for word in entry.split()):
        plain = " ".join(entry.lower().split())  # what most entries are, without the long way round
        return {(plain, plain)} if plain else set()
    words = _words(entry)
    ways = [words, _words(entry, Reading.JOINED)]
    if is_name and len(words) > 1:
        ways += [[words[-1], *words[:-1]], [("".join(w[0] for w in words), "".join(w[1] for w in words))]]
    return {(" ".join(exact for exact, _ in way), " ".join(own for _, own in way)) for way in ways if way}


def _words(entry: str, reading: Reading | None = None) -> list[tuple[str, str]]:
    """The words of an entry, each as letters and as letters of its own script. Its signs are the letters they mean."""
    if reading is None:
        reading = Reading.SIGNS if any(sign in SIGNS and not sign.isalnum() for sign in entry) else Reading.PLAIN
    it = laid(entry, reading)
    meant = [SIGNS[sign][0] if sign in SIGNS and not sign.isalnum() else sign for sign in it.exact]
    own = [mean if mean != sign else letter for sign, letter, mean in zip(it.exact, it.unfolded, meant, strict=True)]
    words: list[tuple[str, str]] = []
    at = 0
    for is_gap, group in groupby(meant, key=str.isspace):
        length = len(list(group))
        if not is_gap:
            words.append(("".join(meant[at : at + length]), "".join(own[at : at + length])))
        at += length
    return words


# --- Candidates -------------------------------------------------------------------------------------------------------


def _compare(form: _Form, place: _Place, text: Laid, end: int, reading: Reading, source: str) -> Hit | None:
    """The hit, where the letters of the text that ends there in its shape can be read as the form's."""
    first, last = end - place.length + (not place.open_start), end - (not place.open_end)
    groups = _groups(form)
    if last - first != len(groups):
        return None
    like, spans = _Likeness(), text.stretches[first:last]
    if place.open_end:  # it may go on with the same letter
        spans[-1] = (spans[-1][0], min(spans[-1][1], spans[-1][0] + len(groups[-1][0])))
    if place.open_start:
        spans[0] = (max(spans[0][0], spans[0][1] - len(groups[0][0])), spans[0][1])
    for (exact, own), (begin, stop) in zip(groups, spans, strict=True):
        if not _is_read_as(exact, own, text.exact[begin:stop], text.unfolded[begin:stop], like):
            return None
    begin, stop = spans[0][0], spans[-1][1]
    if like.figures and not _figures_mean_letters(form.exact, text.exact[begin:stop]):
        return None
    if like.look_alike and not like.genuine and script_of(like.look_alike) == main_script(source):
        return None  # a word of the language the text is in, which happens to look like another's
    disguised = bool(reading != Reading.PLAIN or like.figures or like.look_alike or like.stretched)
    return Hit(form.listing, form.entry, text.origin[begin], text.origin[stop - 1] + 1, disguised)


def _groups(form: _Form) -> list[tuple[str, str]]:
    """The letters of a form that are one letter of its shape, and those of its own script beside them."""
    groups, at = [], 0
    for _, group in groupby(classed(form.exact)):
        length = len(list(group))
        groups.append((form.exact[at : at + length], form.own[at : at + length]))
        at += length
    return groups


def _is_read_as(exact: str, own: str, letters: str, owns: str, like: _Likeness) -> bool:
    """Whether these letters of the text are those of the form, or pass for them; `like` notes how."""
    if exact[0] == " ":
        return True
    pairs = _paired(exact, own, letters, owns)
    if pairs is None:
        return False
    like.stretched |= len(letters) != len(exact)
    for wanted, wanted_own, letter, letter_own in pairs:
        if letter != wanted:
            if wanted not in SIGNS.get(letter, ""):
                return False
            like.figures += 1
        elif letter_own != wanted_own:
            like.look_alike = like.look_alike or (letter_own if not letter_own.isascii() else wanted_own)
        elif letter.isalpha():
            like.genuine += 1
    return True


def _paired(exact: str, own: str, letters: str, owns: str) -> list[tuple[str, str, str, str]] | None:
    """Each letter of the text beside the one of the form it would have to be; None where their numbers differ."""
    if len(letters) == len(exact):
        return list(zip(exact, own, letters, owns, strict=True))
    if len(set(exact)) == 1:
        if len(letters) < len(exact) or len(letters) < STRETCHED:
            return None
        return [(exact[0], own[0], letter, letter_own) for letter, letter_own in zip(letters, owns, strict=True)]
    wanted = [(letter, len(list(group))) for letter, group in groupby(exact)]
    there = [(letter, len(list(group))) for letter, group in groupby(letters)]
    if [letter for letter, _ in wanted] != [letter for letter, _ in there]:
        return None
    if all(many == few or many >= max(STRETCHED, few) for (_, few), (_, many) in zip(wanted, there, strict=True)):
        return [(letter, letter, letter, letter) for letter in letters]
    return None


def _figures_mean_letters(exact: str, written: str) -> bool:
    """Whether figures and signs in these words stand for letters: "a55" is a road, "$$$" is money, "ki11" neither."""
    if len(exact.replace(" ", "")) < LEAST_DISGUISED:
        return False
    words = [word for word in written.split() if not word.isalpha()]
    return all(any(map(str.isalpha, word)) and 2 * sum(map(str.isdigit, word)) <= len(word) for word in words)
