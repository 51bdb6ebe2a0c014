"""Who is named in a comment: "@Ruth Reader", where she has a published comment in the same discussion.

Nobody else is found by a name, so that writing one tells nothing about who has an account.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from django.db.models import Exists, OuterRef

from broadsheet.accounts.models import Reader
from broadsheet.accounts.names import LONGEST_NAME, name_key
from broadsheet.discussion.happenings import Happening, Kind
from broadsheet.discussion.models import Comment, Mention, Status

MOST_MENTIONS = 5  # to one comment; more would be a way to call a crowd
_MOST_TRIED = 20  # signs looked at: each costs up to forty comparisons, and the thread is locked meanwhile
_SIGN = re.compile(r"(?<![\w.+-])[@＠](?=\w)")  # not the one in an e-mail address
_QUOTATION = re.compile(r"^[ \t]*>.*$", re.MULTILINE)
_WITHOUT_SPACES = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI", "LAO", "KHMER", "MYANMAR")


def note(happening: Happening) -> None:
    """A listener: keep whom a comment names, when it is posted and when it is edited."""
    if happening.kind not in {Kind.POSTED, Kind.EDITED}:
        return
    comment = happening.comment
    named = mentioned(comment)
    kept = set(comment.mentions.values_list("reader_id", flat=True)) if happening.kind == Kind.EDITED else set()
    if gone := kept - {reader.pk for reader in named}:
        comment.mentions.filter(reader__in=gone).delete()
    Mention.objects.bulk_create(Mention(comment=comment, reader=who) for who in named if who.pk not in kept)


def may_name(comment: Comment) -> bool:
    """False where nobody can be named, without asking the database."""
    return any(_signs(comment.body))


def mentioned(comment: Comment) -> list[Reader]:
    """The readers a comment names, in its order, at most five; its author is none of them."""
    tried = [keys for _, keys in zip(range(_MOST_TRIED), _named(comment.body), strict=False)]
    if not tried:
        return []
    spoken = Comment.objects.filter(thread=comment.thread_id, author=OuterRef("pk"), status=Status.PUBLISHED)
    rows = Reader.objects.filter(Exists(spoken), name_key__in={key for keys in tried for key in keys})
    others = rows.exclude(pk=comment.author_id) if comment.author_id else rows
    present = {reader.name_key: reader for reader in others}
    found = (next((present[key] for key in keys if key in present), None) for keys in tried)
    return list(dict.fromkeys(reader for reader in found if reader))[:MOST_MENTIONS]


def _named(body: str) -> Iterator[list[str]]:
    """For each sign, the names that may stand behind it, the longest first. A quotation names nobody: it was said."""
    for line in _signs(body):
        ends = [end for end in range(min(len(line), LONGEST_NAME), 0, -1) if _may_end(line, end)]
        yield list(dict.fromkeys(key for end in ends if (key := name_key(line[:end]))))


def _signs(body: str) -> Iterator[str]:
    """What stands behind each sign, to the end of its line and no longer than a name."""
    words = _QUOTATION.sub("", body)
    for sign in _SIGN.finditer(words):
        yield words[sign.end() : sign.end() + LONGEST_NAME + 1].split("\n")[0]


def _may_end(line: str, end: int) -> bool:
    """True where a name may be over: at the end of a word, and anywhere in a script that puts no space after it."""
    if end >= len(line):
        return True
    following = line[end]
    if unicodedata.category(following)[0] not in "LNM":
        return True
    return unicodedata.name(following, "").startswith(_WITHOUT_SPACES)
