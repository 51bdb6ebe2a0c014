"""The scorer that comes with the package: whatever of its parts is installed, behind one protocol."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from broadsheet.scoring import detectors, identities, language, ngrams, weights
from broadsheet.scoring.answers import KINDS, UNKNOWN, Answer, Facts, Mark, Scores, Story
from broadsheet.scoring.encoder import Encoder, Judged, Piece
from broadsheet.scoring.normal import Normal, normalise
from broadsheet.scoring.relevance import LEAST_WORDS, About, Relevance
from broadsheet.scoring.spam import spam

LANGUAGES = frozenset({"en"})  # what the models learned
MARKED = 6  # words that are marked at most
WORTH_MARKING = 0.35  # of a logit
TOXIC = "toxic"
LONG, WINDOW, WINDOWS = 1_500, 400, 24  # characters of a text that is looked at in parts, of a part; parts
HARMLESS = -1.5  # the transformer's logit below which nothing needs to be excused; of 22,000 comments none did
FAIR = 4.0  # of the transformer's logit: the same said of "certain people" must be nearly as bad
TOGETHER = 16  # texts that go through the transformer side by side
WINDOW_COSTS = 0.7  # of a logit: with every part that is looked at, one is likelier to look bad


@dataclass(frozen=True)
class Blend:
    """How the parts' logits become one: a factor for each and what is added. Fitted on rows kept aside for it."""

    transformer: float
    words: float
    bias: float

    def logit(self, transformer: float | None, words: float) -> float:
        return (self.transformer * transformer if transformer is not None else 0.0) + self.words * words + self.bias


@dataclass
class _Seen:
    """A text and what the transformer made of it."""

    text: str
    normal: Normal
    story: Story | None
    likely: str
    pieces: list[Piece] = field(default_factory=list)
    judged: Judged | None = None
    about: About | None = None

    @cached_property
    def language(self) -> str:
        return language.language_of(self.normal.text, self.likely)

    @cached_property
    def read(self) -> Normal | None:
        """What the models read of it: of a text in another language, what is in English in it; None for nothing."""
        if self.language in LANGUAGES:
            return self.normal
        inside = language.english_in(self.normal.text, self.language)
        return Normal(inside, self.normal.offsets, self.normal.original) if inside else None


class LocalScorer:
    """Hashed n-grams and detectors, and the transformer where its packages are installed."""

    def __init__(
        self, folder: Path = weights.FOLDER, *, transformer: bool = True, blends: bool = True, likely: str = "en"
    ) -> None:
        self._likely = likely  # the language of what is too short to tell
        words, said = weights.trusted("ngrams.npz", folder)
        self._heads = ngrams.read(words)
        self._encoder = _encoder(folder) if transformer else None
        self._relevance = Relevance(self._encoder, folder) if self._encoder else None
        versions = [said.sha256[:8], *([self._encoder.version] if self._encoder else [])]
        self._blends: dict[str, Blend] = {}
        self.threshold = 0.0  # the logit that 2 % of harmless comments are above
        if blends:
            file, about = weights.trusted("blend.json", folder)
            stored = json.loads(file.read_text("utf-8"))
            way = "both" if self._encoder else "words"
            self._blends = {head: Blend(*numbers) for head, numbers in stored[way].items()}
            self.threshold = float(stored.get("threshold", {}).get(way, 0.0))
            versions.append(about.sha256[:8])
        self.parts: tuple[str, ...] = (*(("transformer",) if self._encoder else ()), "ngrams", "detectors")
        self.name = f"broadsheet-{'-'.join(self.parts[:-1])}/{'.'.join(versions)}"

    def score(
        self, texts: Sequence[str], stories: Sequence[Story | None] = (), facts: Sequence[Facts | None] = ()
    ) -> list[Scores]:
        """One Scores for each text. Any string may come: what cannot be read is left out, nothing raises."""
        found: list[Scores] = []
        for start in range(0, len(texts), TOGETHER):
            each = self._seen(texts[start : start + TOGETHER], stories[start : start + TOGETHER])
            found += [self._one(seen, facts[at] if facts else None) for at, seen in enumerate(each, start)]
        return found

    def _seen(self, texts: Sequence[str], stories: Sequence[Story | None]) -> list[_Seen]:
        """What the transformer makes of some texts, each alone; one of its parts after the other, since the processor's
        cache has room for one.
        """
        found = [
            _Seen(text, normalise(text), stories[at] if stories else None, self._likely)
            for at, text in enumerate(texts)
        ]
        if (encoder := self._encoder) is None:
            return found
        known = [(seen, seen.read.text) for seen in found if seen.read is not None]
        for seen, text in known:
            seen.pieces = encoder.read(text)
        for seen, text in known:
            seen.judged = self._judged(encoder, text, seen.pieces)
        for seen, _ in known:
            told = seen.language in LANGUAGES and seen.story is not None and len(seen.text.split()) >= LEAST_WORDS
            if told and self._relevance:
                seen.about = self._relevance.made_of(encoder.vector(seen.pieces), seen.normal.text)
        return found

    def _one(self, seen: _Seen, facts: Facts | None) -> Scores:
        advances = detectors.advances(seen.text, seen.story, facts)
        found = ngrams.features(seen.read.text if seen.read else "", self._heads.rarity)
        words = self._words(seen.read.text, found) if seen.read else {}
        parts = self._parts(words, seen.judged) if seen.read else {}
        if seen.language not in LANGUAGES:
            unknown = Answer(None, reason="no words" if seen.language == language.UNDETERMINED else "language")
            inappropriate, kinds = unknown, dict.fromkeys(KINDS, unknown)
            if seen.read and parts[TOXIC] > self.threshold:  # a lower number would speak for the rest of it too
                inappropriate, kinds = self._inappropriate(seen.read, found, seen.judged, parts)
            return Scores(
                self.name, seen.language, inappropriate, kinds, spam(seen.text, None, (), facts), advances, unknown
            )
        inappropriate, kinds = self._inappropriate(seen.normal, found, seen.judged, parts)
        relevance = UNKNOWN
        if self._relevance and seen.story is not None:
            relevance, near = Answer(None, reason="short"), None
            if seen.about is not None:
                relevance, near = self._relevance.answer(seen.about, seen.story)
            parts |= {"near": near} if near is not None else {}
        about_spam = spam(seen.text, words["spam"], self._spam_marks(seen.normal, found, words["spam"]), facts)
        return Scores(self.name, seen.language, inappropriate, kinds, about_spam, advances, relevance, parts)

    def _inappropriate(
        self, read: Normal, found: ngrams.Features, judged: Judged | None, parts: Mapping[str, float]
    ) -> tuple[Answer, dict[str, Answer]]:
        """The first answer, and its kinds."""
        kinds = {kind: Answer(_chance(min(parts[kind], parts[TOXIC]))) for kind in KINDS}
        return Answer(_chance(parts[TOXIC]), self._marks(read, found, judged, parts[TOXIC])), kinds

    def _words(self, text: str, found: ngrams.Features) -> dict[str, float]:
        """What the n-grams say of a text with these features; of who somebody is nothing speaks against it."""
        logits = self._worst(text, found)
        if (same := identities.masked(text)) != text:
            logits = np.minimum(logits, self._worst(same, ngrams.features(same, self._heads.rarity)))
        return dict(zip(self._heads.names, logits.tolist(), strict=True))

    def _worst(self, text: str, found: ngrams.Features) -> ngrams.Floats:
        """The n-grams' answers; of a long text its worst part, so that a friendly page hides no insult at its end."""
        logits = self._heads.logits(found)
        if len(text) <= LONG:
            return logits
        last = len(text) - WINDOW
        starts = [*range(0, last, max(WINDOW * 3 // 4, last // WINDOWS + 1)), last]
        each = [self._heads.logits(ngrams.features(text[at : at + WINDOW], self._heads.rarity)) for at in starts]
        return np.asarray(np.maximum(logits, np.max(each, axis=0) - WINDOW_COSTS), np.float32)

    def _judged(self, encoder: Encoder, text: str, pieces: list[Piece]) -> Judged:
        """What the transformer says; who somebody is may speak against a text by FAIR at most."""
        judged = encoder.judge(pieces)
        if judged.logits[0] < HARMLESS or (same := identities.masked(text)) == text:
            return judged
        other = encoder.judge(encoder.read(same))
        return Judged(np.minimum(judged.logits, other.logits + FAIR), judged.shares)

    def _parts(self, words: Mapping[str, float], judged: Judged | None) -> dict[str, float]:
        """The blended logit of each head."""
        learned = (
            dict(zip(self._encoder.heads, judged.logits.tolist(), strict=True)) if self._encoder and judged else {}
        )
        return {
            head: blend.logit(learned.get(head), words[head]) for head, blend in self._blends.items() if head in words
        }

    def _marks(self, normal: Normal, found: ngrams.Features, judged: Judged | None, logit: float) -> tuple[Mark, ...]:
        """The words that drove the answer, in the original: what each adds to it by either part."""
        if logit < -2:  # nothing to explain
            return ()
        blend = self._blends[TOXIC]
        by_word = self._heads.shares(normal.text, TOXIC, found)
        sums = {(start, end): share * blend.words for start, end, share in by_word}
        if judged:
            _add(sums, judged.shares, blend.transformer)
        return _marked(normal, sums, "word")

    def _spam_marks(self, normal: Normal, found: ngrams.Features, logit: float) -> tuple[Mark, ...]:
        if logit < 0:
            return ()
        shares = self._heads.shares(normal.text, "spam", found)
        return _marked(normal, {(start, end): share for start, end, share in shares}, "word")

    def apart(self, text: str) -> tuple[dict[str, float], dict[str, float] | None]:
        """What the n-grams and the transformer say by themselves, as logits: to fit a blend, and to learn on top."""
        normal = normalise(text).text
        words = self._words(normal, ngrams.features(normal, self._heads.rarity))
        if self._encoder is None:
            return words, None
        judged = self._judged(self._encoder, normal, self._encoder.read(normal))
        return words, dict(zip(self._encoder.heads, judged.logits.tolist(), strict=True))

    def logits(self, text: str) -> dict[str, float]:
        """The blended logit of each head, whatever the language: for measuring."""
        words, learned = self.apart(text)
        return {head: blend.logit((learned or {}).get(head), words[head]) for head, blend in self._blends.items()}

    @property
    def heads(self) -> ngrams.Heads:
        """The linear heads, for whoever learns on top of them."""
        return self._heads

    @property
    def encoder(self) -> Encoder | None:
        """The transformer, where it is installed."""
        return self._encoder


def _encoder(folder: Path) -> Encoder | None:
    """The transformer; None where its packages or its weights are not installed."""
    try:
        return Encoder(folder)
    except (ImportError, FileNotFoundError):
        return None


def _chance(logit: float) -> float:
    return round(1 / (1 + math.exp(-max(-30.0, min(30.0, logit)))), 6)


def _add(sums: dict[tuple[int, int], float], shares: Sequence[tuple[int, int, float]], factor: float) -> None:
    """Give each word what its pieces add. Both lists go along the text, so one pass does it."""
    spans = sorted(sums)
    at = 0
    for start, end, share in sorted(shares):
        while at < len(spans) - 1 and spans[at][1] <= start:
            at += 1
        if spans and spans[at][0] < end and start < spans[at][1]:
            sums[spans[at]] += share * factor


def _marked(normal: Normal, sums: Mapping[tuple[int, int], float], why: str) -> tuple[Mark, ...]:
    least = max([WORTH_MARKING, *(share / 4 for share in sums.values())])
    best = sorted(((share, span) for span, share in sums.items() if share >= least), reverse=True)[:MARKED]
    made = []
    for share, (start, end) in best:
        if identities.is_term(normal.text[start:end]):  # what is said counts, and not of whom
            continue
        first, last = normal.span(start, end)
        if last > first:
            made.append(Mark(first, last, round(float(share), 4), why))
    return tuple(made)
