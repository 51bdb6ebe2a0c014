"""What a comment quotes, in its HTML: told apart from its own words, compared with another's, and left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from broadsheet.core import text

RUN = 30  # letters in a row (spaces and signs are none) that nobody writes by chance: six or seven words
FEW = 8  # letters that are more than a "yes" or a "thank you"

_MARK = re.compile(r"<(/?)blockquote>")
_SOURCE = re.compile(r"<p>— [^<]{1,200}</p>(?=\s*</blockquote>)")  # as the box writes it: see quoting.quotation
# Spaces and signs: of ASCII, of Latin 1, of typography and of Chinese and Japanese. An emoji is what somebody says.
_NO_LETTER = re.compile(r"[\s!-/:-@\[-`{-~\xa1-\xbf\u2000-\u206f\u3000-\u303f\ufe0f\uff01-\uff0f\uff1a-\uff20]+")


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
    """HTML as it is compared: case, accents, spaces and signs are nothing."""
    return _NO_LETTER.sub("", text.search_words(text.plain(html)))


@dataclass(frozen=True)
class Source:
    """A comment that readers cannot see any more, as what it said may be quoted."""

    comment: int
    said: Sequence[str]  # letters of its own words, and of those before its edits
    is_above: bool  # it is what is answered, or what that answers: then a few letters are enough

    @cached_property
    def _runs(self) -> set[str]:
        """All runs of letters in it, so that looking for one takes time with the length only."""
        return {said[at : at + RUN] for said in self.said for at in range(len(said) - RUN + 1)}

    def is_in(self, quoted: str) -> bool:
        """Whether letters quoted are its: all of them, a run or, in an answer to it, a few."""
        if any(quoted[at : at + RUN] in self._runs for at in range(len(quoted) - RUN + 1)):
            return True
        return any(self._is_short(quoted, said) for said in self.said if said and quoted)

    def _is_short(self, quoted: str, said: str) -> bool:
        if min(len(quoted), len(said)) >= RUN or not self.is_above:
            return quoted == said and len(said) >= FEW
        return quoted in said or (len(said) >= FEW and said in quoted)


def withheld(html: str, sources: Iterable[Source]) -> list[list[Any]]:
    """The quotations of comments that readers cannot see: [[name_of, the comment's pk], ...], each once."""
    quoted = {name_of(html[begin:end]): letters(_SOURCE.sub("", html[begin:end])) for begin, end in blocks(html)}
    return [[name, source.comment] for source in sources for name, words in quoted.items() if source.is_in(words)]


def above(parent: int | None, parents: Mapping[int, int | None]) -> set[int]:
    """What a reply answers, what that answers, and so on; `parents` has what each comment answers."""
    found: set[int] = set()
    while parent is not None and parent not in found:
        found.add(parent)
        parent = parents.get(parent)
    return found
