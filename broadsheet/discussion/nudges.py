"""A question before a comment is stored: does its writer mean it so? Asked once for each intent, and never again.

The setting DISCUSSION_NUDGES lists who may ask. Whatever is sent after the question is taken, changed or not: the form
then carries a token that is good for an hour, and all that a forged one would do is to leave the question out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.utils.module_loading import import_string

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.core.cache import count
from broadsheet.core.refusals import Refused
from broadsheet.discussion.checks import Submission
from broadsheet.discussion.models import Thread

HOUR = 3600
MOST = 20  # postings of a writer in an hour that are asked about: no more words can be tried out before one is stored
AROUND = 40  # characters shown on either side of a marked word
MOST_PASSAGES = 3  # enough to see what is meant
_TOKENS = signing.TimestampSigner(salt="broadsheet.discussion.nudges")

Piece = tuple[str, bool]  # words, and whether they are marked


@dataclass(frozen=True)
class Nudge:
    """What a writer is asked, in a kind sentence, and which characters of the body it is about."""

    sentence: str
    spans: tuple[tuple[int, int], ...] = ()


class Nudged(Refused):
    """Nothing has been stored: the writer is asked first (409)."""

    status = 409

    def __init__(self, nudge: Nudge, submission: Submission) -> None:
        super().__init__(nudge.sentence)
        self.passages = passages(submission.body, nudge.spans)
        self.token = token_for(submission.author, submission.thread)


def ask(submission: Submission, whose: object = None) -> None:
    """Raises Nudged when one of the setting has something to ask.

    The author may be a guest who has no row yet, and is known by `whose` then: their network address.
    """
    whose = submission.author.pk or whose
    if count("nudges", whose, now=clock.now().timestamp(), seconds=HOUR)[0] > MOST:
        return
    for path in settings.DISCUSSION_NUDGES:
        asker: Callable[[Submission], Nudge | None] = import_string(path)
        if nudge := asker(submission):
            raise Nudged(nudge, submission)


def token_for(author: Reader | None, thread: Thread) -> str:
    """What a form carries that has been asked about."""
    return _TOKENS.sign(_whose(author, thread))


def is_asked(token: str, author: Reader | None, thread: Thread) -> bool:
    """Whether this writer has been asked here within the hour."""
    try:
        return _TOKENS.unsign(token, max_age=HOUR) == _whose(author, thread)
    except signing.BadSignature:
        return False


def _whose(author: Reader | None, thread: Thread) -> str:
    return f"{(author and author.pk) or 'guest'} {thread.pk}"


def passages(body: str, spans: Iterable[tuple[int, int]]) -> list[list[Piece]]:
    """The marked words with a few around them, those close together in one passage."""
    groups: list[list[tuple[int, int]]] = []
    for start, end in _apart((max(start, 0), min(end, len(body))) for start, end in spans):
        if groups and start - groups[-1][-1][1] <= AROUND:
            groups[-1].append((start, end))
        else:
            groups.append([(start, end)])
    return [_pieces(body, group) for group in groups[:MOST_PASSAGES]]


def _apart(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans in order, those that touch as one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if found and start <= found[-1][1]:
            start, last = found.pop()
            end = max(end, last)
        found.append((start, end))
    return found


def _pieces(body: str, marks: list[tuple[int, int]]) -> list[Piece]:
    first, last = _widened(body, marks[0][0], marks[-1][1])
    pieces, at = [("…" if first else "", False)], first
    for start, end in marks:
        pieces += [(body[at:start], False), (body[start:end], True)]
        at = end
    pieces += [(body[at:last], False), ("…" if last < len(body) else "", False)]
    return [piece for piece in pieces if piece[0]]


def _widened(body: str, start: int, end: int) -> tuple[int, int]:
    """A place with a few characters on either side, cut between words where there are spaces."""
    first, last = max(0, start - AROUND), min(len(body), end + AROUND)
    if first and (space := body.find(" ", first, start)) >= 0:
        first = space + 1
    if last < len(body) and (space := body.rfind(" ", end, last)) >= 0:
        last = space
    return first, last
