"""Comments of others that say the same, or nearly: found by the numbers that moderation keeps of every text, and then
compared by runs of three words.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from broadsheet.core.folding import plain_words
from broadsheet.core.text import search_words
from broadsheet.discussion.models import Comment
from broadsheet.moderation.likeness import keys_of

RUN = 3  # words
OF_A_KEY = 20  # comments looked at for one number, the latest; there are five numbers
LAST = 2**62


def runs_of(text: str) -> set[str]:
    """Every run of three words as they are compared; of a shorter text, the text."""
    words = plain_words(text).split()
    return {" ".join(words[place : place + RUN]) for place in range(max(1, len(words) - RUN + 1))}


def likeness(one: str, other: str) -> float:
    """Which share of the runs of three words in either text stands in both, from 0 to 1."""
    mine, theirs = runs_of(one), runs_of(other)
    return len(mine & theirs) / len(mine | theirs)


def candidates(body: str, *, since: datetime, until: datetime, author: int | None, before: int | None) -> list[Comment]:
    """Comments of others within that time that may say the same; `before` is the number of one in hindsight."""
    numbers = _sharing(keys_of(search_words(body)), before or LAST)
    rows = Comment.objects.filter(pk__in=numbers).only("body", "author_name", "author", "created_at") if numbers else []
    return [
        other
        for other in rows
        if other.body and since <= other.created_at <= until and (author is None or other.author_id != author)
    ]


def _sharing(keys: list[int], before: int) -> set[int]:
    """The numbers of comments that share one of these with it, the latest of each: one statement, index ranges."""
    if not keys:
        return set()
    one = (
        "SELECT * FROM (SELECT comment_id FROM moderation_likeness "  # noqa: S608  (numbers of ours)
        f"WHERE key = %s AND comment_id < %s ORDER BY comment_id DESC LIMIT {OF_A_KEY}) AS found_"
    )
    asked = " UNION ALL ".join(f"{one}{place}" for place in range(len(keys)))
    with connection.cursor() as cursor:
        cursor.execute(asked, [value for key in keys for value in (key, before)])
        return {row[0] for row in cursor.fetchall()}
