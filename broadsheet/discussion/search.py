"""Search in one discussion: published comments with all of the words, the latest conversations first."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from broadsheet.core import text
from broadsheet.core.refusals import Unacceptable
from broadsheet.discussion.models import Comment, CommentQuerySet, Status, Thread
from broadsheet.discussion.reading import belonging, linked, without_words

SHORTEST, LONGEST_QUESTION = 2, 100  # characters
MOST_WORDS = 8  # further ones are left out: each is one more comparison with every comment
FOUND_PER_PAGE = 20
AROUND = 160  # characters shown before and after the first word found

_CURSOR = re.compile(r"([0-9]{1,9})n([0-9]{1,9})", re.ASCII)


@dataclass
class Found:
    """A comment in which the words stand, and the part of it where they do: pieces, each marked or not."""

    comment: Comment
    pieces: list[tuple[str, bool]]


@dataclass
class Search:
    """A question to a discussion and one page of the answer."""

    words: str = ""  # as asked, to stand in the box again
    found: list[Found] = field(default_factory=list)
    further: str = ""  # where the next page begins; empty when there is none
    is_first: bool = True
    refusal: str = ""  # a sentence, when the question cannot be read
    is_short: bool = False


def find(thread: Thread, question: str, after: str) -> Search:
    """The comments with all of the words; never an error, whatever is asked.

    It reads the discussion backwards until it has twenty; one that has no such words is read once, which for a hundred
    thousand comments takes a fifth of a second. So the page is limited by address and nobody keeps it.
    """
    try:
        asked = Search(words=text.readable(question, most=LONGEST_QUESTION, what=_("Search"), lines=False))
    except Unacceptable as refusal:
        return Search(refusal=refusal.sentence)
    words = text.search_words(asked.words).split()[:MOST_WORDS]
    if not asked.words or not words or max(map(len, words)) < SHORTEST:
        asked.is_short = bool(asked.words)
        return asked
    rows = without_words(linked(thread.comments.filter(status=Status.PUBLISHED)))
    for word in words:
        rows = rows.filter(words__contains=word)  # Django escapes what LIKE would take for a wildcard
    for comment in belonging(_take(rows.order_by("-number", "-reply_number"), after, asked), thread):
        asked.found.append(Found(comment, marked(text.plain(comment.public_html), words)))
    return asked


def _take(rows: CommentQuerySet, after: str, asked: Search) -> list[Comment]:
    most = FOUND_PER_PAGE + 1
    if cursor := _CURSOR.fullmatch(after):
        asked.is_first = False
        number, reply = int(cursor[1]), int(cursor[2])
        found = list(rows.filter(number=number, reply_number__lt=reply)[:most])
        found += rows.filter(number__lt=number)[: most - len(found)] if len(found) < most else []
    else:
        found = list(rows[:most])
    if len(found) > FOUND_PER_PAGE:
        last = found[FOUND_PER_PAGE - 1]
        asked.further = f"{last.number}n{last.reply_number}"
    return found[:FOUND_PER_PAGE]


def marked(words: str, wanted: list[str]) -> list[tuple[str, bool]]:
    """The text around the first of the words, in pieces: (piece, whether it is one of them)."""
    plain, places = _as_searched(words)
    spans = sorted(
        (places[at.start()], places[at.end() - 1] + 1) for word in wanted for at in re.finditer(re.escape(word), plain)
    )
    first = spans[0][0] if spans else 0
    begin, end = max(0, first - AROUND), min(len(words), first + 2 * AROUND)
    pieces: list[tuple[str, bool]] = [("… ", False)] if begin else []
    here = begin
    for start, stop in spans:
        start, stop = max(start, here), min(stop, end)
        if start < stop:
            pieces += [(words[here:start], False), (words[start:stop], True)]
            here = stop
    pieces.append((words[here:end], False))
    if end < len(words):
        pieces.append((" …", False))
    return [piece for piece in pieces if piece[0]]


def _as_searched(words: str) -> tuple[str, list[int]]:
    """The text as `core.text.search_words` compares it, and for each of its letters the place it comes from."""
    letters, places = [], []
    for place, letter in enumerate(words):
        for part in unicodedata.normalize("NFKD", letter.casefold()):
            if unicodedata.category(part) != "Mn":
                letters.append(" " if part.isspace() else part)
                places.append(place)
    return "".join(letters), places
