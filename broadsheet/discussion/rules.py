"""Questions about threads and comments: asked by a page to explain, and by an action to refuse, with one answer."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from broadsheet.accounts.models import Reader
from broadsheet.accounts.rules import is_verified
from broadsheet.core import clock, text
from broadsheet.core.refusals import Unacceptable
from broadsheet.discussion import desk_hours, pace
from broadsheet.discussion.models import LONGEST_COMMENT, Comment, Status, Thread

MOST_EDITS = 20  # of one comment: each is kept whole, makes pages anew and may name five more people


def why_not_comment(author: Reader | None, thread: Thread, now: datetime, parent: Comment | None = None) -> str | None:
    """Why this person cannot comment (or reply to `parent`) at that moment; None when nothing stands in the way."""
    if author is None:
        return _("Please sign in to comment.")
    return why_not_speak(author, thread) or why_not_open(thread, now) or (why_not_answer(parent) if parent else None)


def why_not_open(thread: Thread, now: datetime) -> str | None:
    """Why no comment is taken here at that moment; None while the discussion is open."""
    if thread.is_closed(now) and thread.closed_by_hand:
        return _("This discussion is now closed. An editor has ended it.")
    if thread.is_closed(now):
        return _("This discussion is now closed. We welcome comments for a limited period after publication.")
    if not thread.is_running(now):
        opening = thread.opening
        if opening is None:
            return _("This discussion is not open.")
        return _("This discussion opens on %(moment)s.") % {"moment": clock.comment_moment(opening)}
    return desk_hours.sentence(thread, now) if thread.is_shut(now) else None


def why_not_answer(parent: Comment) -> str | None:
    """Why nobody can reply to this comment; None when they can."""
    if parent.is_public and parent.is_locked:
        return _("An editor has closed this conversation to replies.")
    return None if parent.is_public else _("The comment you wanted to reply to is not shown any more.")


def may_post_at(reader: Reader, thread: Thread, now: datetime) -> datetime | None:
    """When slow mode and the limit of comments a minute let this reader post here; None when they may now."""
    moments = (pace.slow_until(reader, thread, now), pace.rate_until(reader, now))
    return max((moment for moment in moments if moment), default=None)


def waits_for_address(author: Reader) -> bool:
    """Whether what this reader writes waits until their e-mail address is confirmed.

    Where no mail can be sent nobody could confirm one; whom the newsroom has let in it knows.
    """
    return bool(settings.EMAIL_URL) and not author.is_staff and not is_verified(author)


def why_not_edit(author: Reader | None, comment: Comment, now: datetime) -> str | None:
    """Why this person cannot change the words of that comment now; None when they can."""
    if reason := _why_not_own(author, comment):
        return reason
    assert author is not None  # _why_not_own has refused nobody
    if comment.status not in {Status.PUBLISHED, Status.PENDING}:
        return _("This comment cannot be edited any more.")
    if now >= comment.created_at + settings.EDIT_WINDOW:
        minutes = int(settings.EDIT_WINDOW.total_seconds() // 60)
        if not minutes:
            return _("Comments cannot be edited here. You can still withdraw yours.")
        sentence = ngettext(
            "A comment can be edited for a minute after it was posted. You can still withdraw it.",
            "A comment can be edited for %(n)s minutes after it was posted. You can still withdraw it.",
            minutes,
        )
        return sentence % {"n": minutes}
    if comment.edited_at and comment.versions.count() >= MOST_EDITS:
        return _("This comment has been changed as often as a comment can be. You can still withdraw it.")
    # Last, as it may ask the database: a page asks about each of a reader's comments, most of which are older.
    return why_not_open(comment.thread, now) or why_not_speak(author, comment.thread)


def why_not_withdraw(author: Reader | None, comment: Comment) -> str | None:
    """Why this person cannot withdraw that comment; None when they can.

    Neither a closed discussion nor a sanction is a reason: one's own words can be taken back at any time.
    """
    if reason := _why_not_own(author, comment):
        return reason
    if comment.status == Status.REJECTED:
        return _("An editor has already removed this comment.")
    if comment.status == Status.WITHDRAWN:
        return _("You have withdrawn this comment already.")
    return None


def _why_not_own(author: Reader | None, comment: Comment) -> str | None:
    if author is None:
        return _("Please sign in first.")
    if comment.author_id != author.pk:
        return _("Only its author can do that with a comment.")
    return None if author.is_active else _("This account has been deactivated.")


def why_not_speak(author: Reader, thread: Thread | None = None) -> str | None:
    """Why this person may not take part (in that discussion); None when they may. Asks SPEAKING_RULES too."""
    if not author.is_active:
        return _("This account has been deactivated.")
    asked = (import_string(path)(author, thread) for path in settings.SPEAKING_RULES)
    return next((reason for reason in asked if reason), None)


def readable_body(body: str) -> str:
    """The words as they may be stored. Raises Unacceptable when they are unreadable, too long, or nothing to see."""
    body = text.readable(body, most=LONGEST_COMMENT, what=_("Comment"))
    if text.is_blank(body) or not text.shows_anything(text.comment_html(body)):
        raise Unacceptable(_("There is nothing in the box yet: please write your comment first."))
    return body
