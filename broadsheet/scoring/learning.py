"""What a newsroom's own decisions teach: a linear residual over hashed n-grams, on top of the base model's answer.

The base model's logit is where it starts, so that only what the base does not know is learned. FTRL-proximal: each
bucket has a rate of its own, so a rare word learns fast and a frequent one slowly; and a weight stays exactly nothing
until enough has pulled one way, so the state is small and what was said once seldom leaves a trace. It is replayed from
the list of decisions each time, in their order: what is taken off the list was never there, to the last bit.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from broadsheet.scoring import identities, ngrams
from broadsheet.scoring.answers import KINDS, Answer, Mark, Scores
from broadsheet.scoring.normal import Normal, normalise

INAPPROPRIATE, SPAM = HEADS = ("inappropriate", "spam")
LEARNED = "learned"  # the reason of an answer that the base model does not have
TOXIC = "toxic"  # the base model's own name for the logit of the first
FEWEST, FEWEST_REJECTED = 200, 30  # decisions before anything is said
HALF = 500  # decisions in a language at which what was learned counts for half
KEPT_ASIDE = 10  # one in so many is never learned from
PASSES = 3

FOLDED = ngrams.BUCKETS // 2  # two heads in one array of 1.5 MB
GIVEN = (TOXIC, *KINDS, SPAM)  # the base model's logits, as features
LANGUAGES = 64  # buckets of how often comments in a language are rejected
SIZE = FOLDED + len(GIVEN) + LANGUAGES
RATE, CALM, SPARSE, FIRM = 1.0, 1.0, 0.2, 1.0  # FTRL's alpha, beta, lambda 1 and lambda 2
HARMLESS, HIGH = -4.0, 8.0  # of the base model's logits what is between these counts ...
SOFT = 0.05  # ... and so much of it
FORMAT = 2  # 1: who somebody is was blanked in English only
MOST_BYTES = len(HEADS) * SIZE * 4

MARKED, WORTH_MARKING = 6, 0.35  # words marked at most; the share of a logit from which on one is
UNREMARKABLE = -2.0  # a logit below which there is nothing to explain, unless what was learned moved it
_SPACES = re.compile(r"[\W_]+")


class Stranger(Exception):
    """A state that was not learned on top of this base model, or whose buckets are not ours."""


@dataclass(frozen=True)
class Look:
    """A comment as the residual sees it."""

    language: str
    buckets: ngrams.Places
    values: ngrams.Floats
    base: Mapping[str, float] = field(default_factory=dict)  # HEADS: the base model's logits; without what it knows not
    given: tuple[float, ...] = ()  # GIVEN: the logits that are features, nan where unknown; none in another language


@dataclass(frozen=True)
class Example:
    """What was decided about a comment."""

    look: Look
    said: Mapping[str, bool]  # HEADS, those of which the decision says something
    weight: float = 1.0
    kept_aside: bool = False


def as_read(text: str, language: str) -> Normal:
    """The comment as words are read, with nothing where it says who somebody is."""
    normal = normalise(text)
    return replace(normal, text=identities.unnamed(normal, language))


def look(text: str, scores: Scores, read: Normal | None = None) -> Look:
    """A comment and what the base model says of it, for learning from and for answering."""
    found = ngrams.features((read or as_read(text, scores.language)).text)
    folded, inverse = np.unique(found.buckets >> 1, return_inverse=True)
    values = np.bincount(inverse, found.values, len(folded)).astype(np.float32)
    base = base_of(scores)
    given = [base.get(INAPPROPRIATE), *(scores.parts.get(kind) for kind in KINDS), base.get(SPAM)]
    told = [
        (FOLDED + at, SOFT * (min(logit, HIGH) - HARMLESS))
        for at, logit in enumerate(given)
        if logit is not None and logit > HARMLESS
    ]
    told.append((_slot(scores.language), 1.0))
    return Look(
        scores.language,
        np.concatenate([folded, np.array([at for at, _ in told], np.int64)]),
        np.concatenate([values, np.array([value for _, value in told], np.float32)]),
        base,
        tuple(math.nan if logit is None else logit for logit in given) if INAPPROPRIATE in base else (),
    )


def _slot(language: str) -> int:
    """The bucket that every comment in a language is in: how often they are rejected, whatever they say."""
    return FOLDED + len(GIVEN) + zlib.crc32(language.encode()) % LANGUAGES


def base_of(scores: Scores) -> dict[str, float]:
    """The base model's logits by head, without those it does not know; also of scores that `apply` has changed."""
    found = {}
    for head, answer in ((INAPPROPRIATE, scores.inappropriate), (SPAM, scores.spam)):
        if f"learned {head}" in scores.parts:
            if f"base {head}" in scores.parts:
                found[head] = scores.parts[f"base {head}"]
        elif answer.value is not None:
            found[head] = (
                scores.parts.get(TOXIC, logit_of(answer.value)) if head == INAPPROPRIATE else logit_of(answer.value)
            )
    return found


def bare(scores: Scores) -> Scores:
    """The base model's own scores again, of those that `apply` has changed."""
    if f"learned {SPAM}" not in scores.parts:
        return scores
    found = base_of(scores)
    answers = {
        head: Answer(round(chance_of(found[head]), 6), reason=answer.reason if answer.reason != LEARNED else "")
        if head in found
        else Answer(None, reason="language")
        for head, answer in ((INAPPROPRIATE, scores.inappropriate), (SPAM, scores.spam))
    }
    parts = {name: logit for name, logit in scores.parts.items() if name.partition(" ")[0] not in {"learned", "base"}}
    return replace(
        scores, model=base_name(scores.model), inappropriate=answers[INAPPROPRIATE], spam=answers[SPAM], parts=parts
    )


def base_name(model: str) -> str:
    """The base model's name, of itself or with what was learned on top."""
    return model.partition("+")[0]


def logit_of(chance: float) -> float:
    """The logit of a chance; one that was rounded to nothing or to certainty is neither."""
    chance = min(max(chance, 1e-6), 1 - 1e-6)
    return math.log(chance / (1 - chance))


def chance_of(logit: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


def is_kept_aside(text: str, key: bytes) -> bool:
    """Whether a comment is for measuring. By its words, so that a text copied many times is on one side."""
    words = _SPACES.sub(" ", text.casefold()).strip().encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(words, key=key, digest_size=8).digest()) % KEPT_ASIDE == 0


def hashing() -> int:
    """A number that changes with how texts are read and hashed, and with the words that are blanked."""
    probe = as_read("You 1d10t — naïve  w o r d s, don't they ever learn? Straße, вода, 물", "en").text
    return zlib.crc32(ngrams.features(probe).buckets.astype("<i8").tobytes(), identities.digest())


# --- Learning ---------------------------------------------------------------------------------------------------------


def learn(examples: Iterable[Example], base: str) -> Learned:
    """Replay decisions in their order. Those kept aside count as evidence that there is, and teach nothing."""
    known = list(examples)
    counts: dict[str, dict[str, list[int]]] = {head: {} for head in HEADS}
    for head in HEADS:
        for example in known:
            if head in example.said:
                of = counts[head].setdefault(example.look.language, [0, 0])
                of[0] += 1
                of[1] += example.said[head]
    weights = np.stack([_replayed([each for each in known if head in each.said], head) for head in HEADS])
    return Learned(
        base, weights, {head: {code: tuple(of) for code, of in some.items()} for head, some in counts.items()}
    )


def _replayed(examples: Sequence[Example], head: str) -> ngrams.Floats:
    """One head's weights."""
    pulls, squares = np.zeros(SIZE, np.float32), np.zeros(SIZE, np.float32)
    for _ in range(PASSES):
        for example in examples:
            if not example.kept_aside:
                _step(pulls, squares, example, head)
    return _weights(pulls, squares)


def _step(pulls: ngrams.Floats, squares: ngrams.Floats, example: Example, head: str) -> None:
    """Follow one decision."""
    at = example.look.buckets
    pull, square = pulls[at], squares[at]
    weights = _weights(pull, square)
    expected = chance_of(example.look.base.get(head, 0.0) + _sum(weights, example.look.values))
    slope = np.float32((expected - example.said[head]) * example.weight) * example.look.values
    more = square + slope * slope
    pulls[at] = pull + slope - (np.sqrt(more) - np.sqrt(square)) / np.float32(RATE) * weights
    squares[at] = more


def _weights(pulls: ngrams.Floats, squares: ngrams.Floats) -> ngrams.Floats:
    """FTRL-proximal's closed form (McMahan et al., KDD 2013, algorithm 1)."""
    firmness = (np.float32(CALM) + np.sqrt(squares)) / np.float32(RATE) + np.float32(FIRM)
    beyond = np.maximum(np.abs(pulls) - np.float32(SPARSE), np.float32(0))
    return np.asarray(-np.sign(pulls) * beyond / firmness, np.float32)


def _sum(weights: ngrams.Floats, values: ngrams.Floats) -> float:
    """Exactly rounded, and so the same whatever order a machine adds in."""
    return math.fsum((weights.astype(np.float64) * values).tolist())


# --- Answering --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Learned:
    """What was learned on top of one base model."""

    base: str
    weights: ngrams.Floats  # heads x SIZE
    counts: Mapping[str, Mapping[str, tuple[int, ...]]]  # head, language: decisions, and rejections among them

    def evidence(self, head: str, language: str | None = None) -> tuple[int, int]:
        """Decisions and rejections, in one language or in all."""
        some = [of for code, of in self.counts[head].items() if language in (None, code)]
        return sum(of[0] for of in some), sum(of[1] for of in some)

    def is_enough(self, head: str, language: str | None = None) -> bool:
        decisions, rejected = self.evidence(head, language)
        return decisions >= FEWEST and rejected >= FEWEST_REJECTED

    def residual(self, seen: Look, head: str) -> float:
        """What was learned says by itself, as a logit."""
        return _sum(self.weights[HEADS.index(head), seen.buckets], seen.values)

    def believed(self, head: str, language: str) -> float:
        """How far, from 0 to 1, what was learned counts in a language."""
        decisions, _ = self.evidence(head, language)
        return decisions / (decisions + HALF) if self.is_enough(head) else 0.0

    def logit(self, seen: Look, head: str) -> float | None:
        """The answer; None where the base model says nothing and too little was decided in the language.

        In a language that the base model does not know, what is not yet believed is what is usual there.
        """
        share = self.believed(head, seen.language)
        if head in seen.base:
            return seen.base[head] + (share * self.residual(seen, head) if share else 0.0)
        if not self.is_enough(head, seen.language):
            return None
        usual = self.usual(head, seen.language)
        return usual + share * (self.residual(seen, head) - usual)

    def usual(self, head: str, language: str) -> float:
        """The logit of how many comments are rejected, as far as people decided about them."""
        decisions, rejected = self.evidence(head, language)
        return math.log((rejected + 1) / (decisions - rejected + 1))

    def apply(self, scores: Scores, text: str, name: str) -> Scores:
        """The base model's scores with what was learned; `name` is this version's."""
        read = as_read(text, scores.language)
        seen = look(text, scores, read)
        answers, parts = {}, dict(scores.parts)
        for head, given in ((INAPPROPRIATE, scores.inappropriate), (SPAM, scores.spam)):
            answers[head] = self._answer(head, given, seen, read)
            if head in seen.base:
                parts[f"base {head}"] = seen.base[head]
            parts[f"learned {head}"] = round(self.believed(head, seen.language) * self.residual(seen, head), 4)
        return replace(
            scores,
            model=f"{scores.model}+{name}",
            inappropriate=answers[INAPPROPRIATE],
            spam=answers[SPAM],
            parts=parts,
        )

    def _answer(self, head: str, given: Answer, seen: Look, read: Normal) -> Answer:
        share, logit = self.believed(head, seen.language), self.logit(seen, head)
        if not share or logit is None:
            return given
        is_told = logit > UNREMARKABLE or logit - seen.base.get(head, logit) > 1
        marks = self._marks(head, given.marks, read, share) if is_told else ()
        return Answer(round(chance_of(logit), 6), marks, given.reason if head in seen.base else LEARNED)

    def _marks(self, head: str, given: tuple[Mark, ...], read: Normal, share: float) -> tuple[Mark, ...]:
        """The words that drove it: the base model's marks, and what each word adds by what was learned."""
        known = {(mark.start, mark.end): mark for mark in given}
        for start, end, added in self.shares(head, read.text):
            place = read.span(start, end)
            before = known.get(place)
            if before is not None and before.why == "word":
                total = before.weight + share * added
                known[place] = replace(before, weight=round(total, 4), why="learned" if added > total / 2 else "word")
            elif before is None and place[1] > place[0]:
                known[place] = Mark(*place, round(share * added, 4), "learned")
        words = [mark for mark in known.values() if mark.why in {"word", "learned"}]
        least = max([WORTH_MARKING, *(mark.weight / 4 for mark in words)])
        best = sorted((mark for mark in words if mark.weight >= least), key=lambda mark: (-mark.weight, mark.start))
        return (*best[:MARKED], *(mark for mark in given if mark.why not in {"word", "learned"}))

    def shares(self, head: str, text: str) -> list[tuple[int, int, float]]:
        """What each word of a text as `as_read` gives it adds by what was learned: (start, end, share)."""
        found = ngrams.features(text)
        return ngrams.by_word(text, found, self.weights[HEADS.index(head), found.buckets >> 1])

    def word(self, head: str, word: str) -> float:
        """What a word by itself adds, as a logit."""
        return math.fsum(share for _, _, share in self.shares(head, word))

    # --- Keeping it -----------------------------------------------------------------------------------------------

    def to_bytes(self) -> bytes:
        """The state with a header that says whose it is; the same state is always the same bytes."""
        header = {"format": FORMAT, "hashing": hashing(), "base": self.base, "counts": self.counts}
        weights = zlib.compress(self.weights.astype("<f4").tobytes(), 6)
        return json.dumps(header, sort_keys=True).encode() + b"\n" + weights

    @classmethod
    def from_bytes(cls, raw: bytes, base: str) -> Learned:
        """The state that `to_bytes` gave; raises Stranger for one of another base model, or none at all."""
        header, packed = _parted(raw)
        if (header.get("format"), header.get("hashing")) != (FORMAT, hashing()):
            raise Stranger("What was learned was written by another release.")
        if header.get("base") != base:
            raise Stranger(f"What was learned belongs to the model {header.get('base')}, and not to {base}.")
        weights = np.frombuffer(packed, "<f4").reshape(len(HEADS), SIZE).astype(np.float32)
        counts = {head: {code: tuple(of) for code, of in some.items()} for head, some in header["counts"].items()}
        return cls(base, weights, counts)


def supposed(
    state: Learned | None, logits: ngrams.Floats, looks: Sequence[Look], moved: ngrams.Floats
) -> ngrams.Floats:
    """What would be said of comments of which `logits` is said, had the base model's logits (GIVEN) been others by
    `moved`; by the base model alone where there is no state.
    """
    if state is None:
        return np.asarray(logits + moved[0])
    weights = state.weights[0, FOLDED : FOLDED + len(GIVEN)]
    given = np.array([seen.given for seen in looks])
    more = np.nan_to_num(_counted(given + moved) - _counted(given)) @ weights
    believed = {code: state.believed(INAPPROPRIATE, code) for code in {seen.language for seen in looks}}
    return np.asarray(logits + moved[0] + more * [believed[seen.language] for seen in looks])


def _counted(logits: ngrams.Floats) -> ngrams.Floats:
    """The base model's logits as features."""
    return np.asarray(SOFT * (np.clip(logits, HARMLESS, HIGH) - HARMLESS))


def _parted(raw: bytes) -> tuple[dict[str, Any], bytes]:
    first, _, rest = raw.partition(b"\n")
    try:
        header = json.loads(first)
        packed = zlib.decompressobj().decompress(rest, MOST_BYTES + 1)
    except (ValueError, zlib.error):
        raise Stranger("This is nothing that was learned here.") from None
    if not isinstance(header, dict) or len(packed) != MOST_BYTES:
        raise Stranger("This is nothing that was learned here.")
    return header, packed
