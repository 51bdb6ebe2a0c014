"""The people of the demo: three accounts to sign in with, and the townspeople who comment."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.models import Group
from django.utils.text import slugify

from broadsheet.accounts.models import Reader
from broadsheet.accounts.names import checked_name
from broadsheet.stories.models import Person

SIGN_IN_WITH = "down by the sawtree"  # everybody knows it, so these accounts are made nowhere but here
DOMAIN = "pennoway.example"

# Address, name, groups, and what the account is for.
ACCOUNTS = [
    ("editor", "Ellen Marsh", ["Editors"], "writes, publishes and corrects at the desk"),
    ("moderator", "Theo Brandt", ["Moderators"], "decides about reported and held comments"),
    ("reader", "Robin Vale", [], "comments and reports"),
]


class Cast:
    """Everybody with an account, by display name; made when first asked for."""

    def __init__(self, now: datetime, staff: dict[str, Person], experts: dict[str, str]) -> None:
        """`staff` are the people on the bylines; `experts` is what the newsroom knows somebody to be an expert in."""
        self._now, self._staff, self._experts = now, staff, experts
        self._readers: dict[str, Reader] = {}
        for address, name, groups, _ in ACCOUNTS:
            reader = Reader.objects.create_user(
                f"{address}@{DOMAIN}", name, SIGN_IN_WITH, is_staff=bool(groups), date_joined=self._joined()
            )
            reader.groups.set(Group.objects.filter(name__in=groups))
            self._readers[name] = reader
            self._give_byline(reader)

    @property
    def moderator(self) -> Reader:
        """Who made the demo's decisions."""
        return self._readers[ACCOUNTS[1][1]]

    @property
    def supervisor(self) -> Reader:
        """Who sets the rules of the demo's desk."""
        return self._readers[ACCOUNTS[0][1]]

    def reader(self, name: str) -> Reader:
        """The townsperson of that name. Nobody can sign in as them: they have no password."""
        if name not in self._readers:
            number = len(self._readers)
            address = f"{slugify(name) or 'reader'}-{number}@readers.{DOMAIN}"
            self._readers[name] = Reader.objects.create_user(
                address,
                checked_name(name),
                None,
                date_joined=self._joined(),
                expertise=self._experts.get(name, ""),
                is_staff=name in self._staff,
            )
            self._give_byline(self._readers[name])
        return self._readers[name]

    @property
    def everybody(self) -> list[Reader]:
        """Who has an account by now."""
        return list(self._readers.values())

    @property
    def townspeople(self) -> list[Reader]:
        """Everybody so far who does not work at the paper."""
        return [reader for reader in self.everybody if not reader.is_staff]

    def _give_byline(self, reader: Reader) -> None:
        """Whose name stands on stories writes under them as their author."""
        if person := self._staff.get(reader.name):
            person.account = reader
            person.save(update_fields=["account"])

    def _joined(self) -> datetime:
        """Everybody has been a reader for some weeks or years: nobody signed up to be in a demo."""
        return self._now - timedelta(days=47 + 61 * len(self._readers) % 1500, minutes=len(self._readers))
