"""The orders and the views a reader can choose, and the keyset pages of those that have no numbered ones.

Oldest and newest first have numbered pages, the same for ever (`reading`). The others change with every respect, reply
and pick, so that a page goes on where the last one ended: after a key and a number, each found by one index range.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from broadsheet.core import text
from broadsheet.discussion.models import COMMENTS_PER_PAGE, Comment, CommentQuerySet, Mode, Status, Thread
from broadsheet.discussion.reading import (
    NEWEST,
    OLDEST,
    Branch,
    Page,
    belonging,
    grow,
    linked,
    story_page,
    without_words,
)

RESPECTED, DISCUSSED, PICKS = "respected", "discussed", "picks"
ORDERS: dict[str, str | Promise] = {
    OLDEST: _("Oldest first"),
    NEWEST: _("Newest first"),
    RESPECTED: _("Most respected first"),
    DISCUSSED: _("Most discussed first"),
    PICKS: _("Editors’ picks and contributions first"),
}
_RANKED = {RESPECTED: "respects", DISCUSSED: "reply_count", PICKS: "merit"}  # each has a partial index of its own

PICKED, VOICES, ANSWERED, UNANSWERED = "picks", "answers", "answered", "unanswered"
VIEWS: dict[str, str | Promise] = {
    PICKED: _("Editors’ picks"),
    # Translators: a view of a discussion: comments by staff, the story's authors and experts, and those editors picked
    VOICES: _("Answers and picks"),
    # Translators: a view of a discussion: the questions that an expert has answered
    ANSWERED: pgettext_lazy("questions", "Answered"),
    # Translators: a view of a discussion: the questions that no expert has answered yet
    UNANSWERED: pgettext_lazy("questions", "Unanswered"),
}
_QUESTIONS_ONLY = {ANSWERED, UNANSWERED}
EXCERPT = 240  # characters of what a comment replies to

_PAGE = re.compile(r"[1-9][0-9]{0,5}", re.ASCII)
_CURSOR = re.compile(r"([0-9]{1,7})n([0-9]{1,7})n([0-9a-f]{10})", re.ASCII)


@dataclass(frozen=True)
class Asked:
    """Which page of a discussion is asked for."""

    order: str = OLDEST
    view: str = ""
    page: int = 1
    after: str = ""


def read(query: Mapping[str, str], thread: Thread) -> Asked | None:
    """What a page's query asks for; None where there is no such page. One page has one way to ask for it."""
    order, view, page, after = (query.get(name) for name in ("order", "view", "page", "after"))
    if view is not None:
        wrong = order is not None or page is not None or view not in VIEWS
        if wrong or (view in _QUESTIONS_ONLY and thread.mode != Mode.QUESTIONS):
            return None
        return Asked(view=view, after=after or "")
    order = settings.COMMENTS_ORDER if order is None else order
    if order not in ORDERS or (page is not None and not _PAGE.fullmatch(page)):
        return None
    if (page if order in _RANKED else after) is not None:
        return None
    return Asked(order=order, page=int(page or 1), after=after or "")


def page_of(thread: Thread, asked: Asked) -> Page | None:
    """The page of the discussion asked for; None where there is none. Two to four queries, however long it is."""
    if not asked.view and asked.order not in _RANKED:
        return story_page(thread, asked.page, asked.order)
    found = _Keyset(thread, asked.view or asked.order, asked.after)
    if asked.after and found.after is None:
        return None
    if not thread.conversations:
        return Page([], 1, 1, asked.order, asked.view)
    if asked.view in {PICKED, VOICES}:
        rows = _voices(found, asked.view)
        branches = _quoting(rows, thread)
    else:
        rows = _questions(found, asked.view) if asked.view else _ranked(found, asked.order)
        branches = _with_replies(rows, thread)
        for branch in branches if asked.order == PICKS and not asked.view else ():
            branch.reasons = True
    return Page(branches, 1, 1, asked.order, asked.view, further=found.further, is_first=not asked.after)


def views_of(thread: Thread, here: str) -> list[tuple[str, str | Promise, int]]:
    """The views there is something in, with how many comments: (name, words, number).

    Those of questions are linked from what the page says of its mode, so that only the one a reader is in stands here.
    """
    if not thread.conversations:
        return []
    numbers = {PICKED: thread.picks, VOICES: thread.notable if thread.notable > thread.picks else 0}
    if here in _QUESTIONS_ONLY:
        numbers[here] = thread.answered if here == ANSWERED else thread.started - thread.answered
    return [(view, VIEWS[view], number) for view, number in numbers.items() if number > 0 or view == here]


class _Keyset:
    """A page that begins after a (key, number), and whether there is more after it."""

    def __init__(self, thread: Thread, name: str, cursor: str) -> None:
        self.thread, self.name = thread, name
        self.after = _read_cursor(thread, name, cursor)
        self.further = ""

    def take(self, rows: CommentQuerySet, key: str, then: str = "", *, falling: bool = False) -> list[Comment]:
        """Fifty rows in order of `key` and, where several may have the same, of `then`.

        What has the same key as the last page's end, and what comes after that key, are two ranges of the index: as
        one condition they would be read from the key's first row on, which may be a hundred thousand without respects.
        """
        rows = rows.order_by(f"-{key}" if falling else key, *filter(None, [then]))
        most = COMMENTS_PER_PAGE + 1
        found: list[Comment] = []
        if self.after is None:
            found = list(rows[:most])
        else:
            at, number = self.after
            if then:
                found = list(rows.filter(**{key: at, f"{then}__gt": number})[:most])
            if len(found) < most:
                found += rows.filter(**{f"{key}__{'lt' if falling else 'gt'}": at})[: most - len(found)]
        if len(found) == most:
            last = found[-2]
            self.further = _cursor(self.thread, self.name, getattr(last, key), getattr(last, then) if then else 0)
        return found[:COMMENTS_PER_PAGE]


def _ranked(found: _Keyset, order: str) -> list[Comment]:
    """Conversations, the best first. A tombstone stands here only where replies need it: it has earned no place."""
    shown = Q(status=Status.PUBLISHED) | Q(published_at__isnull=False, reply_count__gt=0)
    rows = linked(found.thread.comments.filter(shown, parent=None))
    return found.take(without_words(rows), _RANKED[order], "number", falling=True)


def _questions(found: _Keyset, view: str) -> list[Comment]:
    # As a list: a plain condition on a boolean comes out as `NOT answered`, for which no database looks into its index.
    rows = linked(found.thread.comments.filter(parent=None, answered__in=[view == ANSWERED], status=Status.PUBLISHED))
    return found.take(without_words(rows), "number")


def _voices(found: _Keyset, view: str) -> list[Comment]:
    rows = linked(found.thread.comments.filter(notable=True, status=Status.PUBLISHED))
    if view == PICKED:
        rows = rows.filter(picked_at__isnull=False)
    return found.take(without_words(rows), "number", "reply_number")


def _with_replies(roots: list[Comment], thread: Thread) -> list[Branch]:
    """Each conversation with the first replies that the story's page shows."""
    numbers = [root.number for root in roots]
    rows = linked(thread.comments.placed()).filter(place__in=numbers, reply_number__gt=0)
    replies: dict[int, list[Comment]] = {}
    for reply in without_words(rows).order_by("place", "reply_number") if numbers else ():
        replies.setdefault(reply.number, []).append(reply)
    together = [comment for root in roots for comment in (root, *replies.get(root.number, ()))]
    return grow(belonging(together, thread), cut=True)


def _quoting(rows: Iterable[Comment], thread: Thread) -> list[Branch]:
    """Comments each on its own, with the first lines of what it replies to."""
    found = belonging(rows, thread)
    wanted = {comment.parent_id for comment in found if comment.parent_id}
    parents = without_words(linked(Comment.objects.placed())).in_bulk(wanted) if wanted else {}
    branches = []
    for comment in found:
        parent = parents.get(comment.parent_id or 0)
        branches.append(Branch(comment, answers=parent, excerpt=excerpt(parent) if parent else ""))
    return branches


def excerpt(comment: Comment) -> str:
    """The first lines of a comment, without its markup; nothing of a tombstone."""
    words = text.plain(comment.public_html)
    return words if len(words) <= EXCERPT else f"{words[:EXCERPT].rsplit(' ', 1)[0]} …"


def _cursor(thread: Thread, name: str, key: int, number: int) -> str:
    return f"{key}n{number}n{_signature(thread, name, key, number)}"


def _read_cursor(thread: Thread, name: str, cursor: str) -> tuple[int, int] | None:
    """Where a page goes on; None for a cursor we have not made.

    It is signed because each makes a page of its own that is kept ready: with invented ones a stranger could push the
    pages that others read out of the memory.
    """
    found = _CURSOR.fullmatch(cursor)
    if not found:
        return None
    key, number = int(found[1]), int(found[2])
    return (key, number) if constant_time_compare(found[3], _signature(thread, name, key, number)) else None


def _signature(thread: Thread, name: str, key: int, number: int) -> str:
    return salted_hmac("broadsheet.discussion.orders", f"{thread.pk} {name} {key} {number}").hexdigest()[:10]
