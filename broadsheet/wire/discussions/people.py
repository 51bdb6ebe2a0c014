"""Who wrote what comes in: kept together by the other system's numbers, and given accounts where that is asked for.

An account is made without a password, and its address counts as proved only once its owner has come, with a code that
is sent there when they ask for it. Until then no mail is. No role comes in.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from broadsheet.accounts.actions import claim_name
from broadsheet.accounts.models import Reader
from broadsheet.accounts.names import checked_name
from broadsheet.accounts.rules import is_verified, works_here
from broadsheet.core import clock
from broadsheet.core.refusals import Unacceptable
from broadsheet.discussion.models import Comment
from broadsheet.moderation.models import Reason
from broadsheet.moderation.people.models import Kind, Sanction
from broadsheet.wire.discussions.found import FoundComment, FoundPerson, instant
from broadsheet.wire.discussions.report import Brought
from broadsheet.wire.discussions.sorting import Row, Staging
from broadsheet.wire.models import LONGEST_KEY, SourceComment, SourcePerson

MOST_TRIES = 20  # of names like "Ruth 2", before somebody is called by a number alone
AT_ONCE = 200  # people in one transaction


class People:
    """Those of one file."""

    def __init__(
        self, source: str, staged: Staging, accounts: bool, moderator: Reader | None, brought: Brought
    ) -> None:
        self._source, self._staged, self._brought = source, staged, brought
        self._accounts, self._moderator = accounts, moderator

    def of(self, comments: Sequence[FoundComment]) -> Cast:
        """The authors of these comments, known by their numbers from now on; inside the caller's transaction."""
        keys = {each.id: self._key_of(each) for each in comments}
        voters = {str(one.get("by", "")) for each in comments for one in (each.facts or {}).get("respects", [])}
        rows = _people({key for key in keys.values() if key}, voters)
        if self._accounts:
            for each in comments:
                person = rows.get(keys[each.id])
                is_new = person and not person.reader and not person.had_account
                # Those whom the file lists have theirs.
                if person and is_new and each.email and not self._staged.lists(each.person):
                    self._make_account(person, FoundPerson("", each.name, each.email))
        return Cast(keys, rows, self._brought)

    def list_all(self) -> None:
        """Those whom the file lists, whether or not they wrote: they may be banned, or come back."""
        for some in _some_at_a_time(self._staged.people(), AT_ONCE):
            for each in some:
                if each.role:
                    self._brought.people[f"with the role {each.role} there, which is not given here"] += 1
            if not self._accounts:
                continue
            with transaction.atomic():
                rows = _people({self._key(each.id) for each in some}, ())
                for each in some:
                    person = rows[self._key(each.id)]
                    if not person.reader and not person.had_account:
                        self._make_account(person, each)

    def _key(self, number: str) -> str:
        return f"{self._source} {number}" if self._source else number

    def _key_of(self, comment: FoundComment) -> str:
        """By the number of their account there; without one, by a scrambled form of the address, which is not kept."""
        if comment.person:
            return self._key(comment.person)[:LONGEST_KEY]
        if comment.email and self._source:
            mark = salted_hmac("broadsheet.wire.people", comment.email.strip().lower(), algorithm="sha256").hexdigest()
            return self._key(f"mail:{mark[:32]}")
        return ""

    def _make_account(self, person: SourcePerson, found: FoundPerson) -> None:
        email = _address(found.email)
        if not email:
            self._brought.people["without an address, and so without an account"] += 1
        elif self._staged.shares_address(found):
            self._brought.people["with an address that several have, and so without an account"] += 1
        elif (reader := Reader.objects.filter(email__iexact=email).first()) is not None:
            self._find_account(person, reader)
        else:
            person.reader = self._new(email, found)
            person.had_account = True
            person.save(update_fields=["reader", "had_account"])
            self._brought.people["accounts made"] += 1
            if found.banned:
                self._ban(person.reader)

    def _find_account(self, person: SourcePerson, reader: Reader) -> None:
        """Whose address is proved has what was written with it; a colleague has not: their badge would stand there."""
        ours = SourcePerson.objects.filter(reader=reader, had_account=True)
        if works_here(reader):
            self._brought.people["with the address of somebody who works here, and so left without an account"] += 1
        elif is_verified(reader) or ours.exists():
            person.reader, person.had_account = reader, True
            person.save(update_fields=["reader", "had_account"])
            self._brought.people["accounts found"] += 1
        else:
            self._brought.people["with the address of an account that has not proved it"] += 1

    def _new(self, email: str, found: FoundPerson) -> Reader:
        now = clock.now()
        reader = Reader(email=email, name=self._free_name(found.name, now), date_joined=found.joined_at or now)
        reader.set_unusable_password()
        reader.save()
        return reader

    def _free_name(self, name: str, now: datetime) -> str:
        """Their name where they can have it; else one like it, which they may change when they come."""
        try:
            name = checked_name(name)
            tries = [name, *(f"{name} {number}" for number in range(2, MOST_TRIES))]
        except Unacceptable:
            tries = []
        for wanted in [*tries, *(_numbered() for _again in range(MOST_TRIES))]:
            try:
                wanted = checked_name(wanted)
                claim_name(wanted, now)
            except Unacceptable:
                continue
            if wanted != name:
                self._brought.people["under another name, as theirs is taken or cannot be had"] += 1
            return wanted
        raise Unacceptable(_("That name, or one that looks like it, is taken."))

    def _ban(self, reader: Reader) -> None:
        """A ban there is one here, in the name of a moderator of ours; they read it when they sign in."""
        if self._moderator is None:
            self._brought.people["banned there and not here: name a moderator with --moderator"] += 1
            return
        note = f"Banned at {self._brought.source}; brought in with the comments."
        Sanction.objects.create(reader=reader, kind=Kind.BAN, reason=Reason.OTHER, note=note, by=self._moderator)
        self._brought.people["banned there, and here"] += 1


@dataclass(frozen=True)
class Cast:
    """The people of one hundred comments."""

    keys: dict[str, str]  # by the comment's number
    rows: dict[str, SourcePerson]
    brought: Brought

    def person_of(self, comment: FoundComment) -> SourcePerson | None:
        """Who wrote it, as they are known."""
        return self.rows.get(self.keys[comment.id])

    def reader_of(self, comment: FoundComment) -> Reader | None:
        """Their account here."""
        person = self.person_of(comment)
        return person.reader if person else None

    def respects_of(self, comment: FoundComment, author: Reader | None) -> list[tuple[Reader, datetime]]:
        """Who respects it and has an account here; the others are counted as lost, for a respect is somebody's."""
        found: dict[int, tuple[Reader, datetime]] = {}
        told: list[dict[str, Any]] = (comment.facts or {}).get("respects", [])
        for each in told:
            person = self.rows.get(str(each.get("by", "")))
            if person and person.reader and person.reader != author:
                found[person.reader.pk] = (person.reader, instant(each["at"]))
        most = max(len(told), (comment.facts or {}).get("respected") or 0)
        if lost := most - len(found):
            self.brought.lost["respects of readers who have no account here"] += lost
        return list(found.values())

    def unclaimed(self, pairs: Iterable[tuple[Row, SourceComment]]) -> Iterator[tuple[Reader, list[Comment]]]:
        """Comments that came without accounts, by the accounts that their authors have by now."""
        found: dict[Reader, list[Comment]] = defaultdict(list)
        for row, standing in pairs:
            person = self.person_of(row.found)
            same = person and standing.person_id == person.pk
            if person and same and person.reader and standing.comment.author_id is None:
                found[person.reader].append(standing.comment)
        yield from found.items()


def _people(keys: Collection[str], others: Collection[str]) -> dict[str, SourcePerson]:
    """The rows of these keys, made where they lack; and those of others, where there are any."""
    rows = _rows({*keys, *others})
    if missing := [key for key in keys if key not in rows]:
        SourcePerson.objects.bulk_create([SourcePerson(key=key) for key in missing], ignore_conflicts=True)
        rows |= _rows(missing)
    return rows


def _rows(keys: Collection[str]) -> dict[str, SourcePerson]:
    return {row.key: row for row in SourcePerson.objects.filter(key__in=keys).select_related("reader")} if keys else {}


def _address(written: str) -> str:
    """The address as we keep it; "" for what is none."""
    email = Reader.objects.normalize_email(written.strip()).lower()
    try:
        validate_email(email)
    except ValidationError:
        return ""
    return "" if email.endswith(".invalid") or len(email) > 254 else email


def _numbered() -> str:
    return _("Reader %(number)s") % {"number": secrets.randbelow(10**9)}


def _some_at_a_time(people: Iterator[FoundPerson], most: int) -> Iterator[list[FoundPerson]]:
    some: list[FoundPerson] = []
    for each in people:
        some.append(each)
        if len(some) == most:
            yield some
            some = []
    if some:
        yield some
