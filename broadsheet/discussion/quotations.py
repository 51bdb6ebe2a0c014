"""What a comment quotes, in its HTML: told apart from its own words, compared with another's, and left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import accumulate
from typing import Any

from broadsheet.core import text
from broadsheet.core.folding import classed, plain_words

RUN = 30  # letters in a row (spaces and signs are none) that nobody writes by chance: six or seven words
FEW = 8  # letters that are more than a "yes" or a "thank you"

_MARK = re.compile(r"<(/?)blockquote>")
_SOURCE = re.compile(r"<p>— [^<]{1,200}</p>(?=\s*</blockquote>)")  # as the box writes it: see quoting.quotation
_SIGNS = " \t>"  # what stands before the words of a quotation's line, in a body
_WEB = re.compile(r"https?://|www\.")  # the beginning that all addresses share says nothing
_DENSE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")  # Japanese and Chinese: a letter says what three say elsewhere
_SYMBOL = re.compile(r"[\u2190-\u2bff\U0001f000-\U0001faff]")  # an emoji is what somebody says, where it is all of it


def blocks(html: str) -> Iterator[tuple[int, int]]:
    """Where each quotation begins and ends, with its tags; one inside another is part of it."""
    depth = begin = 0
    for mark in _MARK.finditer(html):
        if depth == 0:
            begin = mark.start()
        depth = max(0, depth - 1) if mark[1] else depth + 1
        if depth == 0:
            yield begin, mark.end()
    if depth:
        yield begin, len(html)


def own_words(html: str) -> str:
    """The comment's HTML without what it quotes: a source that somebody else cited is their merit."""
    return _replaced(html, lambda _: "")


def left_out(html: str, names: Collection[str], instead: str = "") -> str:
    """The HTML with `instead` in the place of the quotations of these names."""
    return _replaced(html, lambda block: instead if name_of(block) in names else block)


def _replaced(html: str, become: Callable[[str], str]) -> str:
    kept, last = [], 0
    for begin, end in blocks(html):
        kept += [html[last:begin], become(html[begin:end])]
        last = end
    return "".join(kept) + html[last:]


def name_of(block: str) -> str:
    """A name for a quotation that says nothing of its words, and is the same wherever it stands."""
    return sha256(block.encode()).hexdigest()[:16]


def letters(html: str) -> str:
    """HTML as it is compared: case, accents, look-alike and unseen letters, spaces and signs are nothing."""
    words = text.plain(html)
    read = classed(plain_words(_WEB.sub("", words))).replace(" ", "")
    return _DENSE.sub(r"\g<0>\g<0>\g<0>", read) or symbols(words)


def symbols(words: str) -> str:
    """What stands for letters where there are none."""
    return "".join(_SYMBOL.findall(words))


def wordings(html: str, others: Collection[str] = ()) -> Iterator[str]:
    """Whatever a comment says, each as `letters`: its own words, and its quotations but for `others`, by `name_of`.

    What it quotes of nobody who can be read here is its own too: an insult is not somebody else's for a ">" before it.
    """
    own = own_words(html)
    yield letters(own)
    yield symbols(own)
    for begin, end in blocks(html):
        if name_of(html[begin:end]) not in others:
            yield letters(_SOURCE.sub("", html[begin:end]))


class Runs:
    """The runs of letters of some texts, so that looking for a common one takes time with the lengths only."""

    _HALF = RUN // 2

    def __init__(self, texts: Iterable[str]) -> None:
        self._runs, self._halves = set[str](), set[str]()
        for words in texts:
            self._runs |= {words[at : at + RUN] for at in range(len(words) - RUN + 1)}
            self._halves |= {words[at : at + self._HALF] for at in range(len(words) - self._HALF + 1)}

    def is_in(self, words: str) -> bool:
        """Whether one of them stands there. A run holds one of the halves that begin at a multiple of their length."""
        half = self._HALF
        for at in range(0, len(words) - half + 1, half):
            if words[at : at + half] in self._halves:
                around = range(max(0, at - half), at + 1)
                if any(words[begin : begin + RUN] in self._runs for begin in around):
                    return True
        return False


@dataclass(frozen=True)
class Source:
    """A comment that readers cannot see any more, as what it said may be quoted."""

    comment: int
    said: Sequence[str]  # its `wordings`, and those from before its edits
    is_above: bool  # it is what is answered, or what that answers: then a few letters are enough

    @cached_property
    def runs(self) -> Runs:
        return Runs(self.said)

    def is_quoted(self, quoted: str) -> bool:
        """Whether these letters are its, few or many."""
        return self.runs.is_in(quoted) or self.is_short(quoted)

    def is_short(self, quoted: str) -> bool:
        """Whether what is too short to have a run is its: all that it said or, in an answer to it, some."""
        return any(self._is_short(quoted, said) for said in self.said if said and quoted)

    def _is_short(self, quoted: str, said: str) -> bool:
        if min(len(quoted), len(said)) >= RUN or not self.is_above:
            return quoted == said and len(said) >= FEW
        return quoted in said or (len(said) >= FEW and said in quoted)

    def pieces(self, quoted: Iterable[str]) -> set[str]:
        """Those of its that are too short each and are as long as a run together: it was quoted bit by bit."""
        short = {words for words in quoted if 0 < len(words) < RUN and any(words in said for said in self.said)}
        return short if sum(map(len, short)) >= RUN else set()


def withheld(html: str, sources: Sequence[Source], known: Callable[[], str] = str) -> list[list[Any]]:
    """The quotations of comments that readers cannot see: [[name_of, the comment's pk], ...], each once.

    `known` gives the letters of all that readers can see said elsewhere; it is asked where something was found only.
    """
    quoted = {name_of(html[begin:end]): _compared(html[begin:end]) for begin, end in blocks(html)}
    every = [words for whole_and_bare in quoted.values() for words in whole_and_bare]
    runs = Runs(every) if len(sources) > 1 else None
    found: list[list[Any]] = []
    for source in sources:
        shares = runs is None or any(runs.is_in(said) for said in source.said)
        pieces = source.pieces(bare for _, bare in quoted.values())
        for name, (whole, bare) in quoted.items():
            is_its = (shares and source.runs.is_in(whole)) or source.is_short(bare) or source.is_short(whole)
            if not is_its and bare not in pieces:
                continue
            if (source.is_above and len(bare) < RUN) or not bare or bare not in known():
                found.append([name, source.comment])
    return found


def _compared(block: str) -> tuple[str, str]:
    """The letters of a quotation, and those without the name below it: anything may be written there."""
    whole, bare = letters(block), _SOURCE.sub("", block)
    return whole, whole if bare == block else letters(bare)


@dataclass(frozen=True)
class Signed:
    """A quotation in a body as typed, with a line below it that says whose words they are."""

    start: int  # where in the body that line's words begin ...
    end: int
    letters: str  # of what is quoted

    def moved(self, place: int, longer: int) -> int:
        """Where a place in the body is once that line is so much longer."""
        if place <= self.start:
            return place
        return place + longer if place >= self.end else self.start


def signed(body: str, line: str) -> list[Signed]:
    """The quotations in a body whose last line, but for what makes it one of a quotation, is `line`; in order.

    Of quotations that end together the innermost is meant. A line like it in prose, or in their midst, is none.
    """
    lines = body.split("\n")
    begins = [0, *accumulate(len(each) + 1 for each in lines)]
    innermost: dict[int, int] = {}
    for quotation in text.quotations(body) if line in body else ():
        last = max((at for at in quotation if lines[at].strip(_SIGNS)), default=quotation.start)
        innermost[last] = quotation.start
    found = []
    for last, first in sorted(innermost.items()):
        start = begins[last] + len(lines[last]) - len(lines[last].lstrip(_SIGNS))
        if body[start : begins[last + 1] - 1].rstrip() == line:
            passage = text.comment_html("\n".join(lines[first:last]))
            found.append(Signed(start, start + len(line), letters(passage)))
    return found


def above(parent: int | None, parents: Mapping[int, int | None]) -> set[int]:
    """What a reply answers, what that answers, and so on; `parents` has what each comment answers."""
    found: set[int] = set()
    while parent is not None and parent not in found:
        found.add(parent)
        parent = parents.get(parent)
    return found
