"""A comment of another system's file as it is to stand here: its words, its name, and what the desk is told of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from broadsheet.core import clock
from broadsheet.core.refusals import Unacceptable
from broadsheet.core.text import is_blank, readable
from broadsheet.discussion.arrivals import Coming, Earlier, prepare
from broadsheet.discussion.models import LONGEST_IMPORTED, Status
from broadsheet.wire.by_name import within
from broadsheet.wire.discussions.comment_words import Written, comment_words, typed_words
from broadsheet.wire.discussions.found import FoundComment, State, instant

LONGEST_NAME = 120  # characters that stand beside a comment; of a longer one the beginning does
LONGEST_RAW = 8 * LONGEST_IMPORTED  # characters of HTML that may become a comment
AHEAD = timedelta(days=1)  # that a clock may have gone before ours
_STATUS = {
    State.PUBLISHED: Status.PUBLISHED, State.PENDING: Status.PENDING, State.SPAM: Status.REJECTED,
    State.REJECTED: Status.REJECTED, State.WITHDRAWN: Status.WITHDRAWN,
}  # fmt: skip
_MOMENTS = ("published_at", "withdrawn_at", "picked_at")
_BADGES = {"", "author", "staff", "expert", "new", "guest"}


def coming_of(found: FoundComment, source: str) -> Coming:
    """What a comment of the file is to be here. Raises Refused."""
    if found.written_at > clock.now() + AHEAD:
        raise Unacceptable(f"its moment, {found.written_at:%Y-%m-%d}, has not come yet")
    name = within(readable(found.name, most=LONGEST_RAW, what=_("Name"), lines=False), LONGEST_NAME)
    written = Written("", "") if found.state == State.WITHDRAWN else words_of(found)
    facts = found.facts or {}
    return prepare(
        Coming(
            author_name=_("Anonymous") if is_blank(name) else name,
            body=written.body,
            html=written.html,
            created_at=found.written_at,
            status=_STATUS[found.state],
            edited_at=found.edited_at,
            rating=found.rating if not found.parent else None,
            reason=facts.get("reason", "") or ("spam" if found.state == State.SPAM else ""),
            note=_note(found, source),
            **_more(facts),
        )
    )


def words_of(found: FoundComment) -> Written:
    """What a comment says, as it is stored here. Raises Unacceptable for what is unreadable, empty or far too long."""
    raw = readable(found.words, most=LONGEST_RAW if found.is_html else LONGEST_IMPORTED, what=_("Comment"))
    written = comment_words(raw) if found.is_html else typed_words(raw)
    if found.is_html:
        body = readable(written.body, most=LONGEST_IMPORTED, what=_("Comment"))
        written = written if body == written.body else typed_words(body)
    is_kept_empty = found.state in {State.REJECTED, State.SPAM}  # its words had their time, its replies have a place
    if is_blank(written.body) and not is_kept_empty:
        raise Unacceptable("it has no words")
    return written


def _note(found: FoundComment, source: str) -> str:
    """What the desk is told of a comment that was not simply public there."""
    had = {
        State.PENDING: "it waited there for a moderator",
        State.SPAM: "it was taken for spam there",
        State.REJECTED: "it had been removed there",
    }.get(found.state)
    if had is None:
        return ""
    decided = (found.facts or {}).get("decisions") or [{}]
    last = decided[-1]
    by = f" Decided by {last['by']}, {last.get('at', '')[:10]}: {last.get('note', '')}" if last.get("by") else ""
    return f"From {source}, {found.id}: {had}.{by}"[:1000]


def _more(facts: dict[str, Any]) -> dict[str, Any]:
    """What only our own format tells of a comment."""
    more: dict[str, Any] = {name: instant(facts[name]) for name in _MOMENTS if facts.get(name)}
    more |= {name: facts[name] for name in ("badge", "badge_label") if name in facts}
    if facts.get("badge", "") not in _BADGES:
        raise Unacceptable("its badge is none that Broadsheet knows")
    more |= {name: facts.get(name) is True for name in ("locked", "answers", "never_public")}
    more["earlier"] = [_earlier(each) for each in facts.get("earlier", [])]
    return more


def _earlier(told: dict[str, Any]) -> Earlier:
    words = readable(told["words"], most=LONGEST_IMPORTED, what=_("Comment"))
    return Earlier(words, instant(told["written_at"]), told["rating"])
