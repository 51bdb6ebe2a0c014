"""What the desk knows beside a comment: what its author's others came to, and what it answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Count, Q

from broadsheet.accounts.models import Reader
from broadsheet.discussion.models import Comment, Status
from broadsheet.moderation.models import Decision, Source
from broadsheet.moderation.people import scopes

LAST = 3  # decisions about an author's comments on a card
LOOKED_AT = 100  # of an author's comments, the latest, for those decisions
CHAIN = 12  # comments shown above one, at most: the conversation's first and the nearest
DEEPEST = 200  # levels of replies walked up


@dataclass
class Record:
    """What an author's comments have come to so far."""

    published: int = 0
    rejected: int = 0
    latest: list[Decision] = field(default_factory=list)  # decisions about their other comments, the latest first

    @property
    def rejected_percent(self) -> int:
        """The share of those decided or published that was rejected."""
        return round(100 * self.rejected / max(1, self.published + self.rejected))


@dataclass
class Chain:
    """What a comment answers, the conversation's first comment before all, its parent last."""

    comments: list[Comment] = field(default_factory=list)
    is_cut: bool = False  # between the first and the next there are more


def of_authors(comments: Iterable[Comment], moderator: Reader) -> dict[int | None, Record]:
    """The record of each author of these comments; two queries for all of them.

    The numbers are of the whole paper, the decisions of the sections that whoever looks looks after.
    """
    records: dict[int | None, Record] = defaultdict(Record)
    authors = sorted({comment.author_id for comment in comments if comment.author_id})
    counted = (
        Comment.objects.filter(author__in=authors)
        .values("author")
        .annotate(
            published=Count("pk", filter=Q(status=Status.PUBLISHED)),
            rejected=Count("pk", filter=Q(status=Status.REJECTED)),
        )
        .order_by()
    )
    for row in counted:
        records[row["author"]] = Record(row["published"], row["rejected"])
    own = {comment.pk for comment in comments}
    for decision in _latest(authors, moderator):
        if decision.comment_id not in own and decision.comment.author_id in records:
            records[decision.comment.author_id].latest.append(decision)
    return records


def _latest(authors: list[int], moderator: Reader) -> list[Decision]:
    """The last decisions by people about the latest comments of each of these authors: index ranges, one statement."""
    if not authors:
        return []
    one = (
        "SELECT * FROM (SELECT d.id FROM moderation_decision d WHERE d.comment_id IN (SELECT * FROM ("  # noqa: S608
        "SELECT c.id FROM discussion_comment c WHERE c.author_id = %s "
        f"ORDER BY c.created_at DESC LIMIT {LOOKED_AT}) AS own_{{place}}) "
        "AND d.source <> %s AND d.picked IS NULL AND d.locked IS NULL "
        f"ORDER BY d.id DESC LIMIT {LAST}) AS last_{{place}}"
    )
    asked = " UNION ALL ".join(one.replace("{place}", str(place)) for place in range(len(authors)))
    with connection.cursor() as cursor:
        cursor.execute(asked, [value for author in authors for value in (author, str(Source.IMPORT.value))])
        keys = [row[0] for row in cursor.fetchall()]
    found = scopes.within(Decision.objects.filter(pk__in=keys), moderator)
    return list(found.select_related("comment", "moderator").order_by("-pk"))


def chains(comments: Iterable[Comment]) -> dict[int, Chain]:
    """What each of these comments answers; two queries for all of them."""
    found: dict[int, Chain] = defaultdict(Chain)
    replies = [comment for comment in comments if comment.parent_id]
    if not replies:
        return found
    above = _above([comment.pk for comment in replies])
    for pk, ancestors in above.items():
        if len(ancestors) > CHAIN:
            found[pk].is_cut = True
            above[pk] = [*ancestors[: CHAIN - 1], ancestors[-1]]
    rows = Comment.objects.in_bulk({pk for ancestors in above.values() for pk in ancestors})
    for pk, ancestors in above.items():
        found[pk].comments = [rows[ancestor] for ancestor in reversed(ancestors)]
    return found


def _above(comments: list[int]) -> dict[int, list[int]]:
    """The numbers of what each comment answers, its parent first, the conversation's first comment last."""
    places = ", ".join(["%s"] * len(comments))
    statement = (
        "WITH RECURSIVE above(about, id, parent_id, level) AS ("  # noqa: S608  (places for numbers)
        f"SELECT c.id, c.id, c.parent_id, 0 FROM discussion_comment c WHERE c.id IN ({places}) "
        "UNION ALL SELECT a.about, p.id, p.parent_id, a.level + 1 FROM above a "
        f"JOIN discussion_comment p ON p.id = a.parent_id WHERE a.level < {DEEPEST}) "
        "SELECT about, id FROM above WHERE level > 0 ORDER BY about, level"
    )
    found: dict[int, list[int]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(statement, comments)
        for about, ancestor in cursor.fetchall():
            found[about].append(ancestor)
    return found
