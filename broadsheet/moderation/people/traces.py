"""Traces: that two accounts came from one network address, without keeping the address; and what they hint at.

An address is hashed with our secret and a number of the period, in two rows of periods of 60 days that begin 30 days
apart. Any two days of the last 30 lie together in one period of either row, so a banned reader who comes back under
another name meets their own trace; what is older is deleted, and even a copy of it could be compared with nothing new.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Q
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.core.addresses import reader_address
from broadsheet.core.tidying import delete_all
from broadsheet.moderation.people.models import Kind, Sanction, Trace

DAYS_KEPT = 30
MARKS_KEPT = timedelta(days=365)  # of addresses of accounts that were deleted while they were banned
CROWD = 12  # accounts at one address: from here on it is an office, a school or a telephone company
MOST_KEYS = 400  # of one reader: a month of somebody who travels
MOST_HINTS = 10
_DAY = 24 * 3600  # seconds


@dataclass
class Hint:
    """Another account that came from the same network addresses, and on how many days it did."""

    other: Reader
    days: set[date] = field(default_factory=set)
    sanctions: list[Sanction] = field(default_factory=list)  # bans and suspensions of that one, the latest first

    @property
    def count(self) -> int:
        return len(self.days)


def keys(address: str, day: date) -> tuple[str, str]:
    """The two keyed hashes of a network address on a day. An IPv6 household is one address (core.addresses)."""
    number = day.toordinal()
    return _hash(f"first {number // 60} {address}"), _hash(f"second {(number + 30) // 60} {address}")


def leave(reader: Reader, address: str) -> None:
    """Keep that a reader came from there today: a row a day and address, and no question to the database after it.

    Staff leave none. Called after somebody signs in, comments or reports (setting PRESENCE_LISTENERS).
    """
    if not address or reader.is_staff:
        return
    day = clock.now().astimezone(UTC).date()
    first, second = keys(address, day)
    if cache.add(f"trace:{reader.pk}:{day}:{first[:16]}", True, _DAY):
        Trace.objects.bulk_create([Trace(reader=reader, key=first, other_key=second, day=day)], ignore_conflicts=True)


def signed_in(*, request: HttpRequest, user: Reader, **facts: Any) -> None:
    """Django says that somebody signed in."""
    leave(user, reader_address(request.META))


def hints(readers: Iterable[int]) -> dict[int, list[Hint]]:
    """Who else came from where these readers came from, by reader: those under a sanction first, then the most days.

    Three queries for all of them together. Addresses of a crowd say nothing about anybody and are left out.
    """
    places, met = _met(set(readers))
    found: dict[int, dict[int, set[date]]] = defaultdict(lambda: defaultdict(set))
    for key, people in met.items():
        if len(people) < CROWD:
            for pk in places[key]:
                for other in people.keys() - {pk}:
                    found[pk][other] |= people[other]
    return _with_people(found)


def sharing(readers: Iterable[int]) -> set[int]:
    """Those of these readers who share a network address with another of them; two queries.

    That of a crowd is left out, unless they are half of the crowd: then it is one of their own making.
    """
    wanted, found = set(readers), set[int]()
    for people in _met(wanted)[1].values():
        mine = people.keys() & wanted
        if len(mine) > 1 and (len(people) < CROWD or 2 * len(mine) >= len(people)):
            found |= mine
    return found


def _met(wanted: set[int]) -> tuple[dict[str, set[int]], dict[str, dict[int, set[date]]]]:
    """The addresses these readers came from: each with who of them, and with everybody who did and on which days."""
    since = clock.now().astimezone(UTC).date() - timedelta(days=DAYS_KEPT)
    own = Trace.objects.filter(reader__in=wanted, day__gt=since).order_by("-day", "-pk")
    places: dict[str, set[int]] = defaultdict(set)
    for pk, *both in own.values_list("reader", "key", "other_key")[: MOST_KEYS * max(1, len(wanted))]:
        for key in both:
            places[key].add(pk)
    met: dict[str, dict[int, set[date]]] = defaultdict(lambda: defaultdict(set))
    seen = Trace.objects.filter(Q(key__in=places) | Q(other_key__in=places), day__gt=since) if places else ()
    for trace in seen:
        for key in (trace.key, trace.other_key):
            if key in places:
                met[key][trace.reader_id].add(trace.day)
    return places, met


def _with_people(found: dict[int, dict[int, set[date]]]) -> dict[int, list[Hint]]:
    others = {other for people in found.values() for other in people}
    if not others:
        return {}
    named = Reader.objects.in_bulk(others)
    grave: dict[int, list[Sanction]] = defaultdict(list)
    for sanction in Sanction.objects.filter(reader__in=others, kind__in=[Kind.BAN, Kind.SUSPENSION]).order_by("-pk"):
        grave[sanction.reader_id or 0].append(sanction)
    hinted = {
        pk: [Hint(named[other], days, grave[other]) for other, days in people.items() if other in named]
        for pk, people in found.items()
    }
    return {
        pk: sorted(rows, key=lambda hint: (not hint.sanctions, -hint.count, hint.other.pk))[:MOST_HINTS]
        for pk, rows in hinted.items()
    }


def mark_of(email: str) -> str:
    """A keyed hash of an e-mail address, kept of an account that was deleted while it was banned or suspended."""
    return _hash(f"mail {email.casefold()}")


def marked(reader: Reader) -> Sanction | None:
    """The ban or suspension under which an account with this e-mail address was deleted; None: there is none."""
    if not reader.mail_address:
        return None
    return Sanction.objects.filter(mark=mark_of(reader.email), reader=None).order_by("-pk").first()


def forget(now: datetime) -> int:
    """Delete the traces that are over; returns how many."""
    return delete_all(Trace.objects.filter(day__lte=now.astimezone(UTC).date() - timedelta(days=DAYS_KEPT)))


def _hash(words: str) -> str:
    return salted_hmac("broadsheet.moderation.trace", words, algorithm="sha256").hexdigest()
