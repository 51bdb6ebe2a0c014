"""All rules that speak now, ready to be asked: made once in a process for each edition, and shared by its threads."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from broadsheet.discussion.checks import Submission
from broadsheet.discussion.models import Thread
from broadsheet.intake import kinds
from broadsheet.intake.addresses import Mail, Names, host_in, mail_in
from broadsheet.intake.kinds import KINDS, Said
from broadsheet.intake.matching import Matcher
from broadsheet.intake.models import Asks, Edition, Listing, Rule, State
from broadsheet.intake.subjects import Subject


@dataclass(frozen=True)
class Ready:
    """A rule as it is asked."""

    pk: int
    name: str
    kind: str
    params: dict[str, Any]
    secret: str
    on_trial: bool
    asks_for: str
    reason: str
    minutes: int
    spares_staff: bool
    section: int | None
    story: int | None
    switches: dict[tuple[str, int], bool]

    @classmethod
    def of(cls, rule: Rule) -> Ready:
        """From its row."""
        switches = {
            ("story", each.story_id) if each.story_id else ("section", each.section_id or 0): each.is_on
            for each in rule.switches.all()
        }
        params = {name: value for name, value in rule.params.items() if name != "secret"}
        return cls(
            pk=rule.pk,
            name=rule.name,
            kind=rule.kind,
            params=params,
            secret=rule.params.get("secret", ""),
            on_trial=rule.state != State.ON,
            asks_for=rule.asks_for,
            reason=rule.reason,
            minutes=rule.minutes,
            spares_staff=rule.spares_staff,
            section=rule.section_id,
            story=rule.story_id,
            switches=switches,
        )

    def speaks_in(self, thread: Thread | None) -> bool:
        """Whether it applies under that story: its switch there decides, else its section's, else the rule's place."""
        if thread is None:
            return self.section is None and self.story is None
        story, section = int(thread.pk), int(thread.story.section_id or 0)
        for place in (("story", story), ("section", section)):
            if place in self.switches:
                return self.switches[place]
        if self.story is not None:
            return self.story == story
        return self.section is None or self.section == section


_STRICTNESS: list[str] = [Asks.NOTE, Asks.HOLD, Asks.REJECT]


@dataclass(frozen=True)
class Finding:
    """What a rule has found in a comment, and what it asks for."""

    rule: Ready
    said: Said

    @property
    def asks_for(self) -> str:
        """A rule on trial asks for nothing; a check outside may ask for less than its rule allows, never for more.

        No rule asks for more than its kind may, however it got into the table.
        """
        if self.rule.on_trial:
            return Asks.NOTE
        most = KINDS[self.rule.kind].may_ask_for[-1]
        return min(self.rule.asks_for, self.said.asks_for or self.rule.asks_for, most, key=_STRICTNESS.index)


@dataclass
class Ruleset:
    """Rules and the lists they look in."""

    rules: tuple[Ready, ...]
    listing_names: dict[int, str]
    _matcher: Matcher
    _lines: dict[int, list[str]] = field(repr=False)

    def findings(self, subject: Subject) -> list[Finding]:
        """Everything that every rule of that place has to say."""
        asked = [rule for rule in self.rules if rule.speaks_in(subject.thread)]
        if any(rule.kind in {"phrases", "names"} for rule in asked):
            subject.hits = self._matcher.hits(subject.body)
        found = []
        for rule in asked:
            if rule.kind == "outside" and rule.spares_staff and subject.is_of_staff:
                continue  # then nobody need be asked
            said = KINDS[rule.kind].find(rule, subject, self)
            if said and not (rule.spares_staff and subject.is_of_staff):
                found += [Finding(rule, each) for each in said]
        return found

    def only(self, kind: str) -> Ruleset:
        """The rules of one kind alone."""
        return replace(self, rules=tuple(rule for rule in self.rules if rule.kind == kind))

    def replaces(self, check: str, thread: Thread | None) -> bool:
        """Whether a rule is on in that place which takes over from a built-in check of that name."""
        return any(
            not rule.on_trial and KINDS[rule.kind].replaces == check and rule.speaks_in(thread) for rule in self.rules
        )

    def hosts(self, listings: Iterable[int]) -> Names:
        """The servers of these lists together."""
        key = tuple(listings)
        if key not in self._hosts:
            self._hosts[key] = Names(host_in(line) for listing in key for line in self._lines.get(listing, []))
        return self._hosts[key]

    def mail(self, listing: int) -> Mail:
        """The addresses of mail of a list."""
        if listing not in self._mail:
            self._mail[listing] = Mail(mail_in(line) for line in self._lines.get(listing, []))
        return self._mail[listing]

    @cached_property
    def _hosts(self) -> dict[tuple[int, ...], Names]:
        return {}

    @cached_property
    def _mail(self) -> dict[int, Mail]:
        return {}


def made_of(rules: Iterable[Rule]) -> Ruleset:
    """These rules, whatever their state, with the lists they name."""
    ready = tuple(Ready.of(rule) for rule in rules if rule.kind in KINDS)
    wanted = {number for rule in ready for number in kinds.listings_in(rule.params)}
    listings = list(Listing.objects.filter(pk__in=wanted))
    return Ruleset(
        ready,
        {listing.pk: listing.name for listing in listings},
        _matcher_of([listing for listing in listings if listing.kind in {"phrases", "names"}]),
        {listing.pk: listing.entries for listing in listings if listing.kind in {"hosts", "mail"}},
    )


_lock = threading.Lock()
_kept: tuple[int, Ruleset] | None = None
_kept_matcher: tuple[tuple[Any, ...], Matcher] | None = None


_asked = threading.local()


def current_for(submission: Submission) -> Ruleset:
    """The rules in force, looked up once for all checks of one submission."""
    about, kept = getattr(_asked, "last", (lambda: None, None))
    if kept is None or about() is not submission:
        kept = current()
        _asked.last = (weakref.ref(submission), kept)
    return kept


def current() -> Ruleset:
    """The rules in force: one read of one row, and of everything only when that says something is different.

    While one thread makes them anew, the others go by those of a moment ago.
    """
    global _kept
    edition, kept = Edition.now(), _kept
    if kept and kept[0] == edition:
        return kept[1]
    if not _lock.acquire(blocking=kept is None or kept[0] == 0):
        return kept[1] if kept else current()
    try:
        if not (_kept and _kept[0] == edition):
            rules = Rule.objects.exclude(state=State.OFF).prefetch_related("switches")
            _kept = (edition, made_of(rules) if edition else made_of([]))
        return _kept[1]
    finally:
        _lock.release()


def _matcher_of(listings: list[Listing]) -> Matcher:
    """The matcher of these lists; the last one again where none of them has been changed."""
    global _kept_matcher
    key = tuple((listing.pk, listing.changed_at) for listing in sorted(listings, key=lambda each: each.pk))
    kept = _kept_matcher
    if kept and kept[0] == key:
        return kept[1]
    matcher = Matcher(
        (listing.pk, line, listing.kind == Listing.Kind.NAMES) for listing in listings for line in listing.entries
    )
    if key:
        _kept_matcher = (key, matcher)
    return matcher
