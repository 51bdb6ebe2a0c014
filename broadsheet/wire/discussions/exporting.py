"""Discussions on their way out: whole in Broadsheet's own format, for Coral, or as a sheet.

Nothing is held in memory but a few hundred comments.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

from django.conf import settings

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.discussion.models import Comment, Mode, Status, Thread
from broadsheet.moderation.models import Decision, Source
from broadsheet.stories.models import Section, Story
from broadsheet.wire.discussions import own_format
from broadsheet.wire.discussions.coral import write_row
from broadsheet.wire.discussions.known import own_key
from broadsheet.wire.models import SourceComment, SourcePerson

CHUNK = 500  # comments read at once
CORAL_MODES = {Mode.COMMENTS: "COMMENTS", Mode.QUESTIONS: "QA", Mode.REVIEWS: "RATINGS_AND_REVIEWS"}
CORAL_STATES = {Status.PUBLISHED: "APPROVED", Status.REJECTED: "REJECTED", Status.WITHDRAWN: "REJECTED"}
SHEET = (
    "number", "story", "address", "answers", "written", "name", "person", "status", "picked", "respects", "stars",
    "words",
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What is to be written."""

    section: Section | None = None
    since: datetime | None = None  # stories published from then on
    story: Story | None = None
    moderation: bool = False  # with what was decided, by whom and why
    addresses: bool = False  # with the e-mail addresses of those who have accounts

    def threads(self) -> Iterator[Thread]:
        """The discussions with at least one comment, the oldest story first."""
        rows = Thread.objects.with_story().filter(conversations__gt=0).order_by("story__published_at", "pk")
        if self.section:
            rows = rows.filter(story__section=self.section)
        if self.since:
            rows = rows.filter(story__published_at__gte=self.since)
        if self.story:
            rows = rows.filter(pk=self.story.pk)
        yield from rows.iterator(chunk_size=CHUNK)


def lines(asked: Asked) -> Iterator[str]:
    """Broadsheet's own format: everything but what belongs to accounts alone."""
    yield own_format.write(own_format.opening())
    if asked.addresses:
        yield from (own_format.write({"person": row}) for row in _people(asked))
    for thread in asked.threads():
        yield own_format.write({"story": _story(thread)})
        for chunk in _chunks(thread):
            keys = _Keys(chunk)
            decisions = _decisions(chunk) if asked.moderation else {}
            for comment in chunk:
                row = _comment(comment, thread, keys)
                if asked.moderation:
                    row |= _decided(comment, keys, decisions.get(comment.pk, []))
                yield own_format.write({"comment": row})


def sheet(asked: Asked) -> Iterator[tuple[Any, ...]]:
    """One row a comment, under a row of names, for the writer that neutralises cells."""
    yield SHEET
    for thread in asked.threads():
        for chunk in _chunks(thread):
            keys = _Keys(chunk)
            for each in chunk:
                yield (
                    each.pk,
                    thread.story.headline,
                    address_of(thread.story),
                    each.parent_id,
                    each.created_at.isoformat(),
                    each.author_name,
                    keys.author(each),
                    str(each.status),
                    "yes" if each.picked_at else "",
                    each.respects,
                    each.rating,
                    _words(each),
                )


def coral(asked: Asked, left: list[int]) -> Iterator[tuple[str, str]]:
    """Lines of Coral's three files, each with the file's name. What waits for a moderator is left out, and counted in
    `left`: the format has no state for it, and anything else would publish or remove it.
    """
    written: set[str] = set()
    for thread in asked.threads():
        yield "stories.csv", _coral_story(thread)
        for chunk in _chunks(thread):
            keys = _Keys(chunk)
            for comment in chunk:
                if comment.status == Status.PENDING:
                    left[0] += 1
                    continue
                author = keys.author(comment) or _nameless(comment.author_name)
                if author not in written:
                    written.add(author)
                    yield "users.csv", _coral_user(author, comment, asked)
                yield "comments.csv", _coral_comment(comment, author, keys)


def address_of(story: Story) -> str:
    """Where readers read the story."""
    return story.home or f"{settings.SITE_URL}{story.get_absolute_url()}"


# --- Our own format ---------------------------------------------------------------------------------------------------


def _story(thread: Thread) -> dict[str, Any]:
    story = thread.story
    return {
        "address": address_of(story),
        "headline": story.headline,
        "published_at": story.published_at,
        "section": story.section.name if story.section else "",
        "discussion": {
            "public": story.is_public(clock.now()),
            "mode": "" if thread.mode == Mode.COMMENTS else thread.mode,
            "opens_at": thread.opens_at,
            "open_for": int(thread.open_for.total_seconds()) if thread.open_for else None,
            "closed_at": thread.closed_at,
            "closed_by_hand": thread.closed_by_hand,
            "kept_open": thread.kept_open,
            "without_hours": thread.without_hours,
            "slow_seconds": thread.slow_seconds,
            "missing": thread.missing or None,
        },
    }


def _comment(comment: Comment, thread: Thread, keys: _Keys) -> dict[str, Any]:
    is_plain = comment.is_public and comment.published_at == comment.created_at
    return {
        "id": keys.of(comment),
        "story": address_of(thread.story),
        "parent": keys.of_parent(comment),
        "author": {"id": keys.author(comment), "name": comment.author_name},
        "words": _words(comment),
        "written_at": comment.created_at,
        "published_at": None if is_plain else comment.published_at,
        "never_public": comment.status == Status.WITHDRAWN and comment.published_at is None,
        "edited_at": comment.edited_at,
        "withdrawn_at": comment.withdrawn_at,
        "status": str(comment.status),
        "picked_at": comment.picked_at,
        "rating": comment.rating,
        "badge": comment.badge,
        "badge_label": comment.badge_label,
        "answers": comment.answers,
        "locked": comment.is_locked,
        "earlier": [
            {"words": each.body, "rating": each.rating, "written_at": each.written_at}
            for each in comment.versions.all()
            if comment.status != Status.WITHDRAWN
        ],
        "respects": keys.respects(comment),
        "respected": comment.respects or None,
    }


def _words(comment: Comment) -> str:
    """What its author took back is nobody's to carry further."""
    return "" if comment.status == Status.WITHDRAWN else comment.body


def _decisions(chunk: list[Comment]) -> dict[int, list[Decision]]:
    found: dict[int, list[Decision]] = {}
    rows = Decision.objects.filter(comment__in=[each.pk for each in chunk]).select_related("moderator")
    for row in rows.order_by("comment", "number"):
        found.setdefault(row.comment_id, []).append(row)
    return found


def _decided(comment: Comment, keys: _Keys, decisions: list[Decision]) -> dict[str, Any]:
    """What was decided about it: elsewhere, before it came here, and here. That it came is no decision of anybody's."""
    known = keys.source(comment)
    own = [each for each in decisions if not (known and each.source == Source.IMPORT)]
    told = [*(map(_in_order, known.decisions) if known else ()), *map(_decision, own)]
    reasons = [each.reason for each in decisions if each.after == Status.REJECTED]
    reason = reasons[-1] if reasons and comment.status == Status.REJECTED else ""
    return {"reason": reason, "decisions": told}


def _in_order(told: dict[str, Any]) -> dict[str, Any]:
    """As it was read: PostgreSQL keeps an object's names in an order of its own."""
    return {name: told[name] for name in own_format.DECIDED if name in told}


def _decision(row: Decision) -> dict[str, Any]:
    return {
        "at": row.created_at,
        "by": row.decided_by,
        "how": row.source,
        "act": row.act,
        "seen": row.seen,
        "after": row.after,
        "reason": row.reason,
        "told": row.told,
        "note": row.note,
    }


def _people(asked: Asked) -> Iterator[dict[str, Any]]:
    """Those with an account who wrote in these discussions, or respect a comment there."""
    threads = Thread.objects.filter(pk__in=[each.pk for each in asked.threads()])
    wrote = Reader.objects.filter(comments__thread__in=threads)
    respects = Reader.objects.filter(reactions__comment__thread__in=threads)
    numbers = set(wrote.values_list("pk", flat=True)) | set(respects.values_list("pk", flat=True))
    for reader in Reader.objects.filter(pk__in=numbers, is_guest=False).order_by("date_joined", "pk").iterator(CHUNK):
        keys = SourcePerson.objects.filter(reader=reader).order_by("pk").values_list("key", flat=True)
        yield {
            "id": keys.first() or own_key(reader.pk, reader.date_joined),
            "name": reader.name,
            "email": reader.mail_address,
            "joined_at": reader.date_joined,
        }


# --- Coral ------------------------------------------------------------------------------------------------------------


def _coral_story(thread: Thread) -> str:
    story = thread.story
    closing = thread.closing
    return write_row(
        [
            address_of(story),
            address_of(story),
            story.headline,
            "",
            _iso(story.published_at),
            _iso(closing),
            CORAL_MODES[Mode(thread.mode)],
        ]
    )


def _coral_user(author: str, comment: Comment, asked: Asked) -> str:
    reader = comment.author
    email = reader.mail_address if reader and asked.addresses else ""
    joined = reader.date_joined if reader else comment.created_at
    return write_row([author, email, comment.author_name, "COMMENTER", "false", _iso(joined)])


def _coral_comment(comment: Comment, author: str, keys: _Keys) -> str:
    return write_row(
        [
            keys.of(comment),
            author,
            address_of(comment.thread.story),
            _iso(comment.created_at),
            "" if comment.status == Status.WITHDRAWN else comment.html,
            keys.of_parent(comment),
            CORAL_STATES[Status(comment.status)],
            comment.rating,
        ]
    )


def _iso(moment: datetime | None) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z") if moment else ""


def _nameless(name: str) -> str:
    """A number for a name without a person: the format wants one, and the same name is told as the same."""
    return f"name-{blake2b(name.encode(), digest_size=8).hexdigest()}"


# --- Numbers ----------------------------------------------------------------------------------------------------------


def _chunks(thread: Thread) -> Iterator[list[Comment]]:
    """The comments of a discussion in the order of its pages, some at a time."""
    number = reply = -1
    while True:
        later = thread.comments.filter(number=number, reply_number__gt=reply) | thread.comments.filter(
            number__gt=number
        )
        rows = later.order_by("number", "reply_number").select_related("author", "parent")
        chunk = list(rows.prefetch_related("versions", "reactions__reader")[:CHUNK])
        if not chunk:
            return
        for comment in chunk:
            comment.thread = thread
        number, reply = chunk[-1].number, chunk[-1].reply_number
        yield chunk


class _Keys:
    """By what the comments of a chunk, what they answer, and their people are known everywhere."""

    def __init__(self, chunk: Iterable[Comment]) -> None:
        numbers = {each.pk for each in chunk} | {each.parent_id for each in chunk if each.parent_id}
        sources = SourceComment.objects.filter(comment__in=numbers).select_related("person")
        self._sources = {each.comment_id: each for each in sources}
        readers = {each.author_id for each in chunk if each.author_id}
        readers |= {one.reader_id for each in chunk for one in each.reactions.all()}
        people = SourcePerson.objects.filter(reader__in=readers).order_by("-pk")
        self._people = {each.reader_id: each.key for each in people}

    def source(self, comment: Comment) -> SourceComment | None:
        """Where it came from; None for what was written here."""
        return self._sources.get(comment.pk)

    def of(self, comment: Comment) -> str:
        """The comment's."""
        known = self._sources.get(comment.pk)
        return known.key if known else own_key(comment.pk, comment.created_at)

    def of_parent(self, comment: Comment) -> str:
        """That of what it answers; "" for the first of a conversation."""
        return self.of(comment.parent) if comment.parent else ""

    def author(self, comment: Comment) -> str:
        """Its author's; "" for somebody of whom only the name is known."""
        known = self._sources.get(comment.pk)
        if known and known.person:
            return known.person.key
        return self._reader(comment.author) if comment.author else ""

    def respects(self, comment: Comment) -> list[dict[str, Any]]:
        """Who respects it, and since when."""
        rows = sorted(comment.reactions.all(), key=lambda each: (each.created_at, each.pk))
        return [{"by": self._reader(each.reader), "at": each.created_at} for each in rows if not each.reader.is_guest]

    def _reader(self, reader: Reader) -> str:
        if reader.is_guest:
            return ""
        return self._people.get(reader.pk) or own_key(reader.pk, reader.date_joined)
