"""Texts that are much like another: found by a few numbers made of the words, each an index range, and then compared.

The numbers are minima of hashed pieces of the text (MinHash with one permutation): two texts that share nine tenths of
their pieces share one of these numbers nearly always, two that share a third hardly ever. What is found so is compared
piece by piece before anybody is shown it.
"""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from django.conf import settings
from django.db import connection

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.core.folding import plain_words
from broadsheet.discussion.happenings import Arrival, Happening, Kind
from broadsheet.discussion.models import Comment
from broadsheet.moderation.models import Decision, Likeness
from broadsheet.moderation.people import scopes

SHORTEST = 12  # characters: "Thank you!" is said by everybody
LONGEST = 1500  # characters looked at: an advertisement repeats itself from its first line
PIECE = 5  # characters: works for scripts without spaces too
BINS, IN_A_KEY = 8, 2
LEAST_LIKE = 0.6  # the share of pieces in common from which on texts are shown as alike
OF_A_KEY = 6  # comments looked at for one number, the latest
COMPARED = 5  # for one comment
SHOWN = 3


@dataclass(frozen=True)
class Alike:
    """Another comment with much the same words, and what was decided about it (None: nothing was)."""

    comment: Comment
    percent: int
    decision: Decision | None


def note(happening: Happening) -> None:
    """A listener of discussions: keep the numbers of what was written, so that it is found later."""
    comment = happening.comment
    if happening.kind not in {Kind.POSTED, Kind.EDITED}:
        return
    if happening.kind == Kind.EDITED:
        comment.likenesses.all().delete()
    _keep([comment])


def arrived(arrivals: Sequence[Arrival]) -> None:
    """A listener of arrivals: the same for those whose words are not too old for it."""
    for each in arrivals:
        if each.other_words:
            each.comment.likenesses.all().delete()
    _keep([each.comment for each in arrivals if each.other_words or not each.seen])


def _keep(comments: Iterable[Comment]) -> None:
    since = clock.now() - settings.REJECTED_TEXT_KEPT
    Likeness.objects.bulk_create(
        Likeness(comment=each, key=key) for each in comments if each.created_at > since for key in keys_of(each.words)
    )


def keys_of(words: str) -> list[int]:
    """The numbers of a text (as it is searched): that of the whole first, then those of its pieces."""
    words = _read(words)
    if len(words) < SHORTEST:
        return []
    lowest = [-1] * BINS
    for piece in _pieces(words):
        place = piece % BINS
        if lowest[place] < 0 or piece < lowest[place]:
            lowest[place] = piece
    groups = [lowest[start : start + IN_A_KEY] for start in range(0, BINS, IN_A_KEY)]
    return [_key(words), *(_key(f"{place} {group}") for place, group in enumerate(groups) if min(group) >= 0)]


def alike(comments: list[Comment], moderator: Reader | None = None) -> dict[int, list[Alike]]:
    """For each comment those with much the same words, the likest first; three queries for all of them together.

    Where a moderator looks, those of the sections they look after.
    """
    candidates = _candidates(comments)
    rows = Comment.objects.select_related("thread__story").only(
        "author_name", "words", "html", "status", "created_at", "thread__story__headline"
    )
    seen = scopes.within(rows, moderator, "thread__story__section") if moderator else rows
    others = seen.in_bulk({pk for found in candidates.values() for pk in found})
    decided = Decision.objects.filter(comment__in=others, picked=None, locked=None).select_related("moderator")
    decisions = {each.comment_id: each for each in decided.order_by("number")} if others else {}
    result: dict[int, list[Alike]] = {}
    for comment in comments:
        own = _pieces(_read(comment.words))
        found = [
            Alike(other, percent, decisions.get(other.pk))
            for other in (others[pk] for pk in candidates.get(comment.pk, []) if pk in others)
            if (percent := _percent(comment.words, own, other.words)) >= LEAST_LIKE * 100
        ]
        result[comment.pk] = sorted(found, key=lambda each: (-each.percent, -each.comment.pk))[:SHOWN]
    return result


def _candidates(comments: list[Comment]) -> dict[int, list[int]]:
    """The comments that share a number with each of these, those that share most first: one statement, index ranges."""
    terms = [(comment.pk, key) for comment in comments for key in keys_of(comment.words)]
    if not terms:
        return {}
    one = (
        "SELECT * FROM (SELECT %s AS about, comment_id FROM moderation_likeness "  # noqa: S608  (numbers of ours)
        f"WHERE key = %s AND comment_id <> %s ORDER BY comment_id DESC LIMIT {OF_A_KEY}) AS found_{{place}}"
    )
    asked = " UNION ALL ".join(one.replace("{place}", str(place)) for place in range(len(terms)))
    shared: dict[int, Counter[int]] = defaultdict(Counter)
    with connection.cursor() as cursor:
        cursor.execute(asked, [value for pk, key in terms for value in (pk, key, pk)])
        for about, comment in cursor.fetchall():
            shared[int(about)][comment] += 1
    return {about: [pk for pk, _ in found.most_common(COMPARED)] for about, found in shared.items()}


def _read(words: str) -> str:
    """The beginning of a text as texts are compared: letters of other alphabets that look the same are the same."""
    return plain_words(words[:LONGEST])


def _pieces(words: str) -> set[int]:
    data = words.encode("utf-32-le")
    return {zlib.crc32(data[place : place + 4 * PIECE]) for place in range(0, max(4, len(data) - 4 * PIECE + 4), 4)}


def _percent(words: str, own: set[int], others: str) -> int:
    if words == others:
        return 100
    theirs = _pieces(_read(others))
    return min(99, round(100 * len(own & theirs) / max(1, len(own | theirs))))


def _key(words: str) -> int:
    return int.from_bytes(blake2b(words.encode(), digest_size=8).digest(), "big", signed=True)
