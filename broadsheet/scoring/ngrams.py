"""Hashed n-grams: words and pairs of words, and stretches of three to five letters, each in one of so many buckets.

Needs numpy only. A linear head over the buckets knows rare words and misspellings, says exactly which words drove it,
and is the part that learns from a newsroom's decisions. Buckets are the same on every machine and in every version.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

WORD_BUCKETS, LETTER_BUCKETS = 1 << 17, 1 << 18
BUCKETS = WORD_BUCKETS + LETTER_BUCKETS
LENGTHS = (3, 4, 5)
MOST = 6_000  # characters that are looked at: the first and the last of a longer text
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[^\w\s]", re.UNICODE)
_SPACES = re.compile(r"[\W_]+", re.UNICODE)
_MIX = np.uint64(0x9E3779B97F4A7C15)
_STEP = np.uint64(0x100000001B3)

Floats = NDArray[np.float32]
Places = NDArray[np.int64]


@dataclass(frozen=True)
class Features:
    """A text's buckets, each once, with how much of it there is; the square root of the squares' sum is one."""

    buckets: Places
    values: Floats


def _mixed(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Numbers whose upper bits depend on all of their bits."""
    numbers = (numbers ^ (numbers >> np.uint64(29))) * _MIX
    return numbers ^ (numbers >> np.uint64(32))


@lru_cache(maxsize=1 << 15)
def _word_number(word: str) -> int:
    raw = word.encode("utf-8", "surrogatepass")
    return crc32(raw) | crc32(raw, 0x5BD1E995) << 32


@lru_cache(maxsize=4)  # a text's answers and its marks ask one after the other
def _word_buckets(text: str) -> tuple[Places, list[tuple[int, int]]]:
    """The buckets of the words, then of the pairs; and where the words stand."""
    found = [match.span() for match in _WORD.finditer(text)]
    if not found:
        return np.empty(0, np.int64), found
    one = np.array([_word_number(text[start:end]) for start, end in found], np.uint64)
    two = one[:-1] * _STEP + one[1:]
    numbers = _mixed(np.concatenate([one, two]))
    return (numbers >> np.uint64(64 - 17)).astype(np.int64), found


def _letter_buckets(text: str) -> Places:
    """The buckets of stretches of letters that reach over no gap between words; a word's edges count as letters."""
    padded = " " + _SPACES.sub(" ", text).strip() + " "
    return np.concatenate([buckets for buckets, _ in _stretches(padded)] or [np.empty(0, np.int64)])


def _placed_letter_buckets(text: str) -> tuple[Places, Places]:
    """The same with the place in the text where each stretch begins."""
    padded, places, last = [" "], [0], 0
    for gap in _SPACES.finditer(text):
        padded += [text[last : gap.start()], " "]
        places += [*range(last, gap.start()), gap.start()]
        last = gap.end()
    padded += [text[last:], " "]
    places += [*range(last, len(text)), len(text)]
    joined = "".join(padded)
    first, end = len(joined) - len(joined.lstrip(" ")) - 1, len(joined.rstrip(" ")) + 1
    found = _stretches(joined[first:end]) if joined.strip() else []
    if not found:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    where = np.array(places[first:end], np.int64)
    inside = [np.minimum(where[np.minimum(starts + 1, len(where) - 1)], len(text)) for _, starts in found]
    return np.concatenate([buckets for buckets, _ in found]), np.concatenate(inside)


@lru_cache(maxsize=4)
def _stretches(padded: str) -> list[tuple[Places, Places]]:
    """For each length the buckets of the stretches, and where each begins."""
    codes = np.frombuffer(padded.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    gaps = np.cumsum(codes == 32)
    made = []
    rolled = codes.copy()
    for length in range(2, LENGTHS[-1] + 1):
        if len(codes) < length:
            break
        rolled = rolled[:-1] * _STEP + codes[length - 1 :]
        if length not in LENGTHS:
            continue
        inner = gaps[length - 2 :][: len(rolled)] - gaps[: len(rolled)]  # gaps after the first and before the last
        starts = np.flatnonzero(inner == 0)
        numbers = _mixed(rolled[starts] + np.uint64(length))
        made.append(((numbers >> np.uint64(64 - 18)).astype(np.int64) + WORD_BUCKETS, starts))
    return made


def shortened(text: str) -> str:
    """The text, or the beginning and the end of one that is longer than anybody writes by hand."""
    return text if len(text) <= MOST else text[: MOST // 2] + " " + text[-MOST // 2 :]


def features(text: str, rarity: Floats | None = None) -> Features:
    """The n-grams of a normalised text, rare ones counting for more where it is known how rare each is."""
    text = shortened(text)
    words, _ = _word_buckets(text)
    buckets, counts = np.unique(np.concatenate([words, _letter_buckets(text)]), return_counts=True)
    values = (1 + np.log(counts)).astype(np.float32)
    if rarity is not None:
        values *= rarity[buckets]
    length = float(np.sqrt(np.dot(values, values)))
    return Features(buckets, values / np.float32(length) if length else values)


@dataclass(frozen=True)
class Heads:
    """Linear answers over the buckets, their weights a byte each."""

    names: tuple[str, ...]
    codes: NDArray[np.int8]  # heads x buckets
    scales: Floats  # the greatest weight of each head
    biases: Floats
    rarity: Floats

    def logits(self, found: Features) -> Floats:
        """Each head's answer for one text."""
        weights = _TABLE[self.codes[:, found.buckets].view(np.uint8)]
        return np.asarray((weights @ found.values) * self.scales + self.biases, np.float32)

    def shares(self, text: str, head: str, found: Features) -> list[tuple[int, int, float]]:
        """What each word adds to a head's answer, itself and by its letters and neighbours: (start, end, share).

        `found` are the text's features.
        """
        row = self.names.index(head)
        return by_word(text, found, _TABLE[self.codes[row, found.buckets].view(np.uint8)] * self.scales[row])


def by_word(text: str, found: Features, weights: Floats) -> list[tuple[int, int, float]]:
    """What each word adds where `weights` are those of the text's buckets: (start, end, share)."""
    text = shortened(text)
    numbers, spans = _word_buckets(text)
    if not spans:
        return []
    worth = weights * found.values
    letters, starts = _placed_letter_buckets(text)
    every = np.concatenate([numbers, letters])
    at = np.searchsorted(found.buckets, every)
    each = worth[at] / np.bincount(at, minlength=len(worth))[at]  # a bucket's worth, shared by what is in it
    shares = each[: len(spans)].copy()
    pairs = each[len(spans) : len(numbers)] / 2
    shares[:-1] += pairs
    shares[1:] += pairs
    words = np.searchsorted([start for start, _ in spans], starts, side="right") - 1
    np.add.at(shares, np.maximum(words, 0), each[len(numbers) :])
    return [(start, end, float(share)) for (start, end), share in zip(spans, shares, strict=True)]


def _code_table() -> Floats:
    """The weight of each byte, of 1: finer near zero, where most weights are."""
    signed = np.arange(256, dtype=np.uint8).view(np.int8).astype(np.float32) / 127
    return np.asarray(np.sign(signed) * signed**2, np.float32)


_TABLE = _code_table()


def coded(weights: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Weights (heads x buckets) as bytes and each head's scale."""
    scales = np.abs(weights).max(axis=1)
    scales[scales == 0] = 1
    unit = weights / scales[:, None]
    return np.round(np.sign(unit) * np.sqrt(np.abs(unit)) * 127).astype(np.int8), scales.astype(np.float32)


def read(file: Any) -> Heads:
    """Heads from a file that `write` made."""
    with np.load(file, allow_pickle=False) as stored:
        return Heads(
            names=tuple(stored["names"].tolist()),
            codes=np.asfortranarray(stored["codes"]),  # a bucket's weights side by side: they are asked for together
            scales=stored["scales"],
            biases=stored["biases"],
            rarity=(stored["rarity"].astype(np.float32) / 16),
        )


def write(file: Any, names: Sequence[str], weights: Floats, biases: Floats, rarity: Floats) -> None:
    """Keep heads; how rare each bucket is goes into a byte, in sixteenths."""
    codes, scales = coded(weights)
    np.savez(
        file,
        names=np.array(names),
        codes=codes,
        scales=scales,
        biases=biases.astype(np.float32),
        rarity=np.clip(np.round(rarity * 16), 0, 255).astype(np.uint8),
    )
