"""Makes the demo's long discussion long: to those written out, further remarks are added, put together from parts."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator
from dataclasses import replace

from broadsheet.demo.story_file import CONTENT
from broadsheet.demo.thread_file import Remark

DEEPEST = 14  # levels below the first; people stop answering each other sooner than a program would
RECENT = 12  # a short reply mostly answers what was said lately
ANSWERS = 0.3  # the share of composed remarks that answer another


def lengthened(written: list[Remark], count: int, dice: random.Random) -> list[Remark]:
    """The same discussion with so many remarks in all. The same dice give the same discussion."""
    material = tomllib.loads((CONTENT / "threads" / "mill-bridge-more.toml").read_text(encoding="utf-8"))
    remarks, first = [replace(remark) for remark in written], len(written)  # what was written out stays among itself
    names, short = _ever(material["names"], dice), list(material["short"])
    dice.shuffle(short)
    wanted = count - len(remarks) - sum(map(len, short))
    longer = _composed(material["form"], dice)
    for _ in range(wanted):
        answers = len(remarks) > first and dice.random() < ANSWERS
        _add(remarks, next(names), next(longer), dice.randrange(first, len(remarks)) if answers else None)
    for chain in short:
        parent = max(first, len(remarks) - 1 - int(dice.expovariate(1 / RECENT)))
        if dice.random() < 0.5:
            parent = dice.randrange(first, len(remarks))
        for words in chain:
            parent = _add(remarks, next(names), words, parent)
    return remarks


def _add(remarks: list[Remark], name: str, words: str, parent: int | None) -> int:
    """One more, in answer to `parent` or, where that is gone, was never public or is too deep, to what it answered.

    Returns its place in the list.
    """
    while parent is not None and (remarks[parent].fate != "published" or _depth(remarks, parent) >= DEEPEST):
        parent = remarks[parent].parent
    remarks.append(Remark(name, parent, words))
    return len(remarks) - 1


def _depth(remarks: list[Remark], place: int) -> int:
    depth, parent = 0, remarks[place].parent
    while parent is not None:
        depth, parent = depth + 1, remarks[parent].parent
    return depth


def _ever(names: list[str], dice: random.Random) -> Iterator[str]:
    """Everybody in turn, in another order each time."""
    while True:
        yield from dice.sample(names, len(names))


def _composed(forms: list[dict[str, list[list[str]]]], dice: random.Random) -> Iterator[str]:
    """One remark of each form in turn, never the same twice, each phrase as seldom as can be."""
    wheels = [[_ever(phrases, dice) for phrases in form["parts"]] for form in forms]
    said: set[str] = set()
    while True:
        for wheel in wheels:
            words = " ".join(next(phrases) for phrases in wheel)
            if words not in said:
                said.add(words)
                yield words
