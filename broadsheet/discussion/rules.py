"""Questions about threads and comments: asked by a page to explain, and by an action to refuse, with one answer."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from broadsheet.accounts.models import Reader
from broadsheet.core import clock, text
from broadsheet.core.refusals import Unacceptable
from broadsheet.discussion.models import LONGEST_COMMENT, Comment, Status, Thread


def why_not_comment(author: Reader | None, thread: Thread, now: datetime, parent: Comment | None = None) -> str | None:
    """Why this person cannot comment (or reply to `parent`) at that moment; None when nothing stands in the way."""
    if author is None:
        return "Please sign in to comment."
    return _why_not_speak(author) or why_not_open(thread, now) or (why_not_answer(parent) if parent else None)


def why_not_open(thread: Thread, now: datetime) -> str | None:
    """Why no comment is taken here at that moment; None while the discussion is open."""
    if thread.is_closed(now):
        return "This discussion is now closed. We welcome comments for a limited period after publication."
    if not thread.is_open(now):
        opening = thread.opening
        return (
            f"This discussion opens on {clock.comment_moment(opening)}." if opening else "This discussion is not open."
        )
    return None


def why_not_answer(parent: Comment) -> str | None:
    """Why nobody can reply to this comment; None when they can."""
    return None if parent.is_public else "The comment you wanted to reply to is not shown any more."


def why_not_edit(author: Reader | None, comment: Comment, now: datetime) -> str | None:
    """Why this person cannot change the words of that comment now; None when they can."""
    if reason := _why_not_own(author, comment):
        return reason
    if comment.status not in {Status.PUBLISHED, Status.PENDING}:
        return "This comment cannot be edited any more."
    if now >= comment.created_at + settings.EDIT_WINDOW:
        minutes = int(settings.EDIT_WINDOW.total_seconds() // 60)
        if not minutes:
            return "Comments cannot be edited here. You can still withdraw yours."
        return f"A comment can be edited for {minutes} minutes after it was posted. You can still withdraw it."
    return why_not_open(comment.thread, now)


def why_not_withdraw(author: Reader | None, comment: Comment) -> str | None:
    """Why this person cannot withdraw that comment; None when they can. A closed discussion is no reason."""
    if reason := _why_not_own(author, comment):
        return reason
    if comment.status == Status.REJECTED:
        return "An editor has already removed this comment."
    if comment.status == Status.WITHDRAWN:
        return "You have withdrawn this comment already."
    return None


def _why_not_own(author: Reader | None, comment: Comment) -> str | None:
    if author is None:
        return "Please sign in first."
    if comment.author_id != author.pk:
        return "Only its author can do that with a comment."
    return _why_not_speak(author)


def _why_not_speak(author: Reader) -> str | None:
    return None if author.is_active else "This account has been deactivated."


def readable_body(body: str) -> str:
    """The words as they may be stored. Raises Unacceptable when they are unreadable, too long, or nothing to see."""
    body = text.readable(body, most=LONGEST_COMMENT, what="comment")
    if text.is_blank(body):
        raise Unacceptable("There is nothing in the box yet: please write your comment first.")
    return body
