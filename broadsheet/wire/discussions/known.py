"""By what comments are known again, wherever they were written, and whether somebody here has touched them since."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import blake2b

from django.conf import settings

from broadsheet.discussion.models import Comment
from broadsheet.moderation.models import Decision, Source
from broadsheet.wire.models import SourceComment


def known_by(keys: Iterable[str]) -> dict[str, SourceComment | Comment]:
    """Comments that stand here already: those an import has made, and this newsroom's own by their own number."""
    wanted = set(keys)
    rows = SourceComment.objects.filter(key__in=wanted).select_related("comment", "person__reader")
    known: dict[str, SourceComment | Comment] = {row.key: row for row in rows}
    own = [number for key in wanted if key not in known and (number := own_number(key))]
    written_here = Comment.objects.filter(pk__in=own, brought_from=None) if own else ()
    return known | {own_key(each.pk, each.created_at): each for each in written_here}


def own_key(number: int, since: datetime) -> str:
    """By what a comment, or a person, of this newsroom is known everywhere.

    The moment belongs to it: numbers begin anew where a newsroom moves to another database under the same address.
    """
    return f"{settings.SITE_URL} {number}-{int(since.timestamp())}"


def own_number(key: str) -> int | None:
    """The number of one that may have been written here; None for what was written elsewhere."""
    found = re.fullmatch(r"(.+) ([1-9][0-9]{0,17})-\d{1,12}", key)
    return int(found[2]) if found and found[1] == settings.SITE_URL else None


def as_left(comment: Comment) -> str:
    """A mark of what an import decides about a comment; another one says that somebody here has touched it."""
    facts = [
        comment.author_name,
        comment.body,
        str(comment.status),
        comment.edited_at and comment.edited_at.timestamp(),
        comment.rating,
        comment.picked_at is not None,
    ]
    return blake2b(json.dumps(facts).encode(), digest_size=16).hexdigest()


def touched_of(standing: Sequence[SourceComment]) -> set[int]:
    """Of these, those that somebody here has changed or decided about."""
    decided = set(
        Decision.objects.filter(comment__in=[each.comment_id for each in standing])
        .exclude(source=Source.IMPORT)
        .values_list("comment", flat=True)
    )
    return {each.pk for each in standing if each.comment_id in decided or as_left(each.comment) != each.left}
