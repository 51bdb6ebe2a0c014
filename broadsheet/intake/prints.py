"""What the words of comments have in common: found by four numbers a comment, then compared word by word.

A print is a sketch of all runs of three words (MinHash with one permutation, in four bands of two): comments of which
four fifths are the same share a band in 19 cases of 20; at most MOST_LOOKED such candidates are compared in full.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice
from zlib import crc32

from django.db.models import Q

from broadsheet.discussion.models import Comment
from broadsheet.intake.folding import plain_words
from broadsheet.intake.models import Print

RUN = 3  # words
BUCKETS = 8
BANDS = ("band_1", "band_2", "band_3", "band_4")
MOST_LOOKED = 60
_READ = ("comment__body", "comment__author_name", "comment__author", "comment__created_at")
KEPT = timedelta(days=31)  # a rule looks back a month at most; a dry run makes what it needs anew


def shingles(words: list[str]) -> set[str]:
    """Every run of three words; of a shorter text, the text."""
    return {" ".join(words[place : place + RUN]) for place in range(max(1, len(words) - RUN + 1))}


def bands_of(body: str) -> tuple[int, ...]:
    """The four numbers of a text."""
    least = [-1] * BUCKETS
    for shingle in shingles(plain_words(body).split()):
        hashed = crc32(shingle.encode())
        bucket, value = hashed & (BUCKETS - 1), hashed >> 4  # 28 bits; three more say from where they were taken
        if least[bucket] < 0 or value < least[bucket]:
            least[bucket] = value
    filled = [_taken(least, bucket) for bucket in range(BUCKETS)]
    return tuple(filled[place] << 31 | filled[place + 1] for place in range(0, BUCKETS, 2))


def _taken(least: list[int], bucket: int) -> int:
    """A bucket's number; an empty one, as a short text leaves some, takes that of the next which has one."""
    ahead = next(ahead for ahead in range(BUCKETS) if least[(bucket + ahead) % BUCKETS] >= 0)
    return least[(bucket + ahead) % BUCKETS] | ahead << 28


def keep(comment: Comment) -> None:
    """Keep the print of a comment as its words are now."""
    Print.objects.bulk_create(
        [Print(comment=comment, **_columns(comment))],
        update_conflicts=True,
        unique_fields=["comment"],
        update_fields=["at", *BANDS],
    )


def fill(since: datetime, until: datetime) -> None:
    """Make the prints that a period lacks."""
    lacking = Comment.objects.filter(created_at__gte=since, created_at__lt=until, print=None).exclude(body="")
    rows = lacking.only("body", "created_at").order_by("pk").iterator(500)
    while batch := list(islice(rows, 500)):
        Print.objects.bulk_create(
            [Print(comment=comment, **_columns(comment)) for comment in batch], ignore_conflicts=True
        )


def like(body: str, *, since: datetime, until: datetime | None, author: int | None, but: int | None) -> list[Comment]:
    """Comments of others within that time that may say the same, not yet compared."""
    within = {"at__gte": since} | ({"at__lte": until} if until else {})
    shared = Q()
    for name, value in zip(BANDS, bands_of(body), strict=True):
        shared |= Q(**{name: value}, **within)
    rows = Print.objects.filter(shared).select_related("comment").only(*_READ)[:MOST_LOOKED]
    found = [each.comment for each in rows if each.pk != but]
    return [other for other in found if other.body and (other.author_id != author or author is None)]


def likeness(one: str, other: str) -> float:
    """Which share of the runs of three words in either text stands in both, from 0 to 1."""
    mine, theirs = (shingles(plain_words(text).split()) for text in (one, other))
    return len(mine & theirs) / len(mine | theirs)


def _columns(comment: Comment) -> dict[str, object]:
    return {"at": comment.created_at, **dict(zip(BANDS, bands_of(comment.body), strict=True))}
