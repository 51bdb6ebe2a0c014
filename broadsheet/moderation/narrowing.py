"""What a queue is narrowed by: read from a page's address, applied to the places in a queue, kept in saved views."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.utils.translation import pgettext_lazy

from broadsheet.accounts.models import Reader
from broadsheet.core import clock, text
from broadsheet.core.numbers import row_number
from broadsheet.core.refusals import Unacceptable
from broadsheet.moderation import rules
from broadsheet.moderation.models import Entry, Queue

LONGEST_WORDS = 100  # characters of a text search
MOST_WORDS = 8  # further ones are left out: each is one more comparison with every comment that waits
STATES = {
    "new": pgettext_lazy("what the desk knows of an author", "New here"),
    "known": pgettext_lazy("what the desk knows of an author", "Known"),
    "watched": pgettext_lazy("what the desk knows of an author", "Often rejected"),
    "guest": pgettext_lazy("what the desk knows of an author", "Guest"),
    "staff": pgettext_lazy("what the desk knows of an author", "Of the newsroom"),
    "gone": pgettext_lazy("what the desk knows of an author", "Without an account"),
}
_SCORE = re.compile(r"0|1|[01]?\.[0-9]{1,4}", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}", re.ASCII)
_CURSOR = re.compile(r"([0-9]{1,17})-([0-9]{1,18})", re.ASCII)
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class Cursor(NamedTuple):
    """A place between two comments of a queue: behind the one with this moment and this number."""

    due: datetime
    pk: int

    def __str__(self) -> str:
        return f"{round((self.due - _BEGINNING) / timedelta(microseconds=1))}-{self.pk}"


def cursor_in(written: str) -> Cursor | None:
    """The cursor an address names; None, the front of the queue, for what is none."""
    if not (found := _CURSOR.fullmatch(written)):
        return None
    return Cursor(_BEGINNING + timedelta(microseconds=int(found[1])), int(found[2]))


@dataclass(frozen=True)
class Narrowed:
    """What somebody wants to see of a queue; "" and 0 leave that out of account."""

    section: int = 0
    story: int = 0
    author: int = 0
    state: str = ""
    language: str = ""
    least: str = ""  # of the highest score that a check gave, 0 to 1
    most: str = ""
    words: str = ""
    asked: bool = False  # only what a colleague wants a second opinion about
    mine: bool = False  # only what one holds oneself

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Narrowed:
        """As the address of a page, a form or a saved view has it; what cannot be read narrows nothing."""
        known = {name: str(given.get(name, "")).strip() for name in NAMES}
        return cls(
            section=row_number(known["section"]),
            story=row_number(known["story"]),
            author=row_number(known["author"]),
            state=known["state"] if known["state"] in STATES else "",
            language=known["language"] if _LANGUAGE.fullmatch(known["language"]) else "",
            least=known["least"] if _SCORE.fullmatch(known["least"]) else "",
            most=known["most"] if _SCORE.fullmatch(known["most"]) else "",
            words=_searchable(known["words"]),
            asked=known["asked"] in {"1", "True"},
            mine=known["mine"] in {"1", "True"},
        )

    @property
    def facts(self) -> dict[str, str]:
        """What narrows, by the names an address has for it."""
        return {name: "1" if value is True else str(value) for name, value in asdict(self).items() if value}

    @property
    def query(self) -> str:
        """The same, as the query of an address; "" where nothing narrows."""
        return urlencode(self.facts)

    @property
    def is_everything(self) -> bool:
        return not self.facts

    def but(self, **changed: Any) -> Narrowed:
        """The same, a little otherwise."""
        return replace(self, **changed)

    def of(self, places: QuerySet[Entry], moderator: Reader) -> QuerySet[Entry]:
        """Those of these places that are wanted; `moderator` is who looks."""
        exact = {
            "section": self.section,
            "thread": self.story,
            "author": self.author,
            "author_state": self.state,
            "language": self.language,
        }
        places = places.filter(**{column: value for column, value in exact.items() if value})
        if self.least:
            places = places.filter(score__gte=float(self.least))
        if self.most:
            places = places.filter(score__lte=float(self.most))
        if self.asked:
            places = places.filter(asked_by__isnull=False)
        if self.mine:
            places = places.filter(holder=moderator, held_until__gt=clock.now())
        for word in text.search_words(self.words).split()[:MOST_WORDS]:
            places = places.filter(comment__words__contains=word)  # Django escapes what LIKE takes for a wildcard
        return places


NAMES = [each.name for each in fields(Narrowed)]


def places_in(queue: Queue, moderator: Reader, narrowed: Narrowed | None = None) -> QuerySet[Entry]:
    """What waits in a queue for this moderator, in no order: of their sections, and as far as they want to see it."""
    places = Entry.objects.filter(queue=queue)
    if (sections := rules.sections_of(moderator)) is not None:
        places = places.filter(section__in=sections)
    return narrowed.of(places, moderator) if narrowed else places


def in_order(places: QuerySet[Entry], after: Cursor | None = None) -> QuerySet[Entry]:
    """In the order of the desk, behind the cursor: one range of an index."""
    if after:
        # Two conditions rather than one OR: the first is a range of the index, the second drops its first few rows.
        places = places.filter(due__gte=after.due).exclude(Q(due=after.due) & Q(pk__lte=after.pk))
    return places.order_by("due", "pk")


def _searchable(written: str) -> str:
    try:
        return text.readable(written[: LONGEST_WORDS * 2], most=LONGEST_WORDS * 2, what="", lines=False)[:LONGEST_WORDS]
    except Unacceptable:
        return ""
