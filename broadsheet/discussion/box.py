"""The box in which a comment is written: one form, on its own page and, as a fragment, where an element opens it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from broadsheet.accounts.models import Reader
from broadsheet.core import text
from broadsheet.core.cache import count
from broadsheet.core.refusals import TooSoon
from broadsheet.discussion import pace, promises, reviews, rules
from broadsheet.discussion.badges import standing
from broadsheet.discussion.desk_hours import sentence
from broadsheet.discussion.hours import Way
from broadsheet.discussion.models import LONGEST_COMMENT, Comment, Mode, Thread

PREVIEWS_PER_MINUTE = 60  # of one reader: one a second is more than a typist's pauses ask for


class Words(NamedTuple):
    """What the box is called, and the button that sends it: in which kinds of it."""

    kinds: str
    label: str
    send: str


def words(reader: Reader | None, thread: Thread) -> list[Words]:
    """What the box is called in a discussion of that mode: a question is asked, and whoever may answer it answers."""
    if thread.mode not in {Mode.QUESTIONS, Mode.REVIEWS}:
        return [Words("new reply", _("Comment"), _("Post comment")), Words("edit", _("Comment"), _("Save comment"))]
    if thread.mode == Mode.REVIEWS:
        first = Words("new", pgettext("what one writes", "Review"), _("Post review"))
    else:
        first = Words("new", pgettext("what one writes", "Question"), _("Post question"))
    who = standing(reader, thread) if reader and thread.mode == Mode.QUESTIONS else None
    if who and (who.is_expert or who.is_author):
        reply = Words("reply", pgettext("what one writes", "Answer"), _("Post answer"))
    else:
        reply = Words("reply", pgettext("what one writes", "Reply"), _("Post reply"))
    return [first, reply, Words("edit", _("Your words"), _("Save"))]


def context(reader: Reader | None, thread: Thread, now: datetime, *, parent: Comment | None = None) -> dict[str, Any]:
    """What the box for a new comment or a reply needs to know. `reader` is None for a guest to be."""
    until = rules.may_post_at(reader, thread, now) if reader else None
    return {
        **_anywhere(reader, thread),
        **_waiting(thread, now),
        "parent": parent,
        "slow": pace.slow_sentence(thread),
        "wait": pace.seconds_left(until, now) if until else 0,
        "wait_sentence": _wait_sentence(reader, thread, now),
        "stars": reviews.asks_for_stars(thread, parent),
    }


def context_of(comment: Comment) -> dict[str, Any]:
    """What the box for changing a comment needs to know, the words and the stars it has among it."""
    return {
        **_anywhere(comment.author, comment.thread),
        "comment": comment,
        "until": comment.created_at + settings.EDIT_WINDOW,
        "stars": bool(comment.rating) or reviews.asks_for_stars(comment.thread, comment.parent),
        "own_words": comment.body,
        "own_stars": comment.rating,
    }


def _anywhere(reader: Reader | None, thread: Thread) -> dict[str, Any]:
    return {
        "story": thread.story,
        "thread": thread,
        "writer": reader,
        "words": words(reader, thread),
        "longest": LONGEST_COMMENT,
        "unconfirmed": bool(reader and rules.waits_for_address(reader)),
    }


def fragment(reader: Reader, thread: Thread, now: datetime) -> str:
    """The box for this reader's element to open anywhere on the page: without an address, without a token."""
    if rules.why_not_comment(reader, thread, now):
        return ""
    return render_to_string("discussion/_box.html", {**context(reader, thread, now), "kind": "any"})


def preview(body: str) -> str:
    """The words as they would be shown, by the very cleaner. Raises Unacceptable as posting them would."""
    return text.clean_comment_html(text.comment_html(rules.readable_body(body)))


def count_preview(whose: object, now: datetime) -> None:
    """Raises TooSoon when too many previews were asked for in this minute; by a guest to be, from their address."""
    number, wait = count("previews", whose, now=now.timestamp(), seconds=60)
    if number > PREVIEWS_PER_MINUTE:
        raise TooSoon(_("Those were many previews. Please wait a little before the next one."), wait)


def _waiting(thread: Thread, now: datetime) -> dict[str, Any]:
    """That every comment waits now, and how long it usually does; nothing where a comment is published at once.

    Of the desk's hours the discussion's page tells above the place in which a new comment is written.
    """
    if settings.PRE_MODERATION:
        return {"hours": _("An editor reads every comment before others can."), "promise": promises.words(thread, now)}
    if thread.desk(now).way == Way.HOLD:
        return {"hours": sentence(thread, now), "promise": promises.words(thread, now), "is_above": True}
    return {}


def _wait_sentence(reader: Reader | None, thread: Thread, now: datetime) -> str:
    if reader is None:
        return ""
    if until := pace.slow_until(reader, thread, now):
        return pace.slow_refusal(pace.seconds_left(until, now))
    if until := pace.rate_until(reader, now):
        return pace.rate_refusal(pace.seconds_left(until, now))
    return ""
