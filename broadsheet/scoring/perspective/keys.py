"""Who may ask, how often, and from which pages: keys in `scorer.toml`, of which only hashes are kept."""

from __future__ import annotations

import hashlib
import json
import logging
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from broadsheet.scoring.perspective.refusals import Refusal, about_the_key
from broadsheet.scoring.perspective.settings import Fault, KeySettings, read

log = logging.getLogger("broadsheet.scorer")

LOOK_AGAIN = 1.0  # seconds after which the file is looked at anew


def fresh() -> str:
    """A key nobody can guess, in signs that need no escaping in an address."""
    return "bs-" + secrets.token_urlsafe(32)


def hashed(key: str) -> str:
    """What is kept of it. A plain hash will do: there is nothing to try through in 256 bits of chance."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass
class Bucket:
    """So many requests in a span of time: refilled steadily, full at first."""

    size: int
    seconds: float
    level: float = field(init=False)
    at: float = field(init=False)

    def __post_init__(self) -> None:
        self.level, self.at = float(self.size), time.monotonic()

    def fill(self, now: float) -> None:
        """What time has given back."""
        self.level = min(self.size, self.level + (now - self.at) * self.size / self.seconds)
        self.at = now


LIMITS = (("per_second", 1.0, "second", "Second"), ("per_minute", 60.0, "minute", "Minute"))


@dataclass
class Key:
    """A key as it is used."""

    settings: KeySettings
    buckets: dict[str, Bucket] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, seconds, _, _ in LIMITS:
            if size := getattr(self.settings, name):
                self.buckets[name] = Bucket(size, seconds)

    def take(self, metric: str) -> None:
        """Count one request against both quotas, or refuse it."""
        self._refuse_below(1, metric)
        for bucket in self.buckets.values():
            bucket.level -= 1

    def take_for_sentences(self, metric: str, number: int) -> None:
        """Count the sentences of a request that has been counted, at most up to a whole quota for all of it.

        They may be more than is left, so that two requests at once do not refuse each other for ever; what is owed is
        waited for by those that come next.
        """
        if not number:
            return
        self._refuse_below(0, metric)
        for bucket in self.buckets.values():
            bucket.level -= min(number, bucket.size - 1)

    def _refuse_below(self, least: float, metric: str) -> None:
        now = time.monotonic()
        for bucket in self.buckets.values():
            bucket.fill(now)
        for name, seconds, word, title in LIMITS:
            bucket_of = self.buckets.get(name)
            if bucket_of and bucket_of.level < least:
                wait = (1 - bucket_of.level) * seconds / bucket_of.size
                raise self._exhausted(metric, word, title, bucket_of.size, int(wait) + 1)

    def _exhausted(self, metric: str, word: str, title: str, limit: int, wait: int) -> Refusal:
        method = {"analyze": "Analysis requests (AnalyzeComment)"}.get(metric, "Suggestions (SuggestCommentScore)")
        consumer = self.settings.name
        return about_the_key(
            429,
            f"Quota exceeded for quota metric '{method}' and limit '{method} per {word}' of service "
            f"'commentanalyzer.googleapis.com' for consumer '{consumer}'.",
            "RATE_LIMIT_EXCEEDED",
            retry_after=wait,
            consumer=consumer,
            quota_limit=f"{metric.title()}RequestsPer{title}PerProject",
            quota_limit_value=str(limit),
            quota_location="global",
            quota_metric=f"CommentAnalyzerService/{metric}_requests",
        )

    def lets_in(self, origin: str) -> bool:
        """Whether pages of this origin may read what is answered to this key."""
        return origin in self.settings.origins or "*" in self.settings.origins


class Keys:
    """The keys of a file, as they stand in it now: adding or removing one asks for no restart."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._path, self._clock = path, clock
        self._seen: tuple[int, int, int] | None = None
        self._told = ""
        self._looked = float("-inf")
        self._by_hash: dict[str, Key] = {}

    def find(self, presented: str | None) -> Key:
        """The key that was presented, or the refusal that Google's gate would give."""
        if not presented:
            raise about_the_key(403, "The request is missing a valid API key.", "API_KEY_MISSING")
        self._look()
        key = self._by_hash.get(hashed(presented))
        if key is None:
            raise about_the_key(400, "API key not valid. Please pass a valid API key.", "API_KEY_INVALID")
        return key

    def any_lets_in(self, origin: str) -> bool:
        """Whether any key is for pages of this origin."""
        self._look()
        return any(key.lets_in(origin) for key in self._by_hash.values())

    def _look(self) -> None:
        now = self._clock()
        if now - self._looked < LOOK_AGAIN:
            return
        self._looked = now
        try:
            stat = self._path.stat()
            seen = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        except FileNotFoundError:
            seen = (0, 0, 0)
        except OSError as fault:
            log.error("%s cannot be looked at (%s); the keys known stay.", self._path, fault.strerror)
            return
        if seen == self._seen:
            return
        try:
            settings = read(self._path)
        except Fault as fault:
            if str(fault) != self._told:  # it is read again each second until it can be: told once
                log.error("%s The keys known stay.", fault)
            self._told = str(fault)
            return
        self._seen, self._told = seen, ""
        known = {key.settings: key for key in self._by_hash.values()}  # what they have used up stays used
        self._by_hash = {one.sha256: known.get(one) or Key(one) for one in settings.keys}


def block(name: str, sha256: str, per_second: int, per_minute: int, origins: list[str]) -> str:
    """The lines of one key."""
    pages = f"origins = {json.dumps(origins)}\n" if origins else ""
    return (
        f'[[keys]]\nname = "{name}"\nsha256 = "{sha256}"\nper_second = {per_second}\nper_minute = {per_minute}\n{pages}'
    )


def without(text: str, name: str) -> str:
    """The file's text without the lines of one key."""
    parts = re.split(r"(?m)^(?=\[\[keys\]\])", text)
    return "".join(part for part in parts if not re.search(rf'(?m)^name = "{re.escape(name)}"\s*$', part))
