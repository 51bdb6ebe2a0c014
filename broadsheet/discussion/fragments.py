"""The HTML of comments, made once for everybody: for the story's page, its conversation, the stream and the poll."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from broadsheet.discussion import reactions
from broadsheet.discussion.corrected import correction_after
from broadsheet.discussion.models import Comment
from broadsheet.discussion.reading import Branch, links

MOST_KEPT = 4000  # about ten megabytes: the discussions of the day; an older page is rendered anew when it is asked for

_kept: dict[tuple[Any, ...], SafeString] = {}


def fragment(comment: Comment, *, open_now: bool) -> SafeString:
    """The comment or its tombstone as all readers get it; `open_now` says whether replies are taken."""
    context = {"comment": comment, "open": open_now, "links": links(comment), "reaction": reactions.name()}
    return _made((_read(comment), open_now), "discussion/_comment.html", context)


def branch_fragment(branch: Branch, *, open_now: bool, whole: bool) -> SafeString:
    """A comment with its replies; `whole` on the conversation's own page."""
    context = {"branch": branch, "open": open_now, "whole": whole}
    return _made((_read_branch(branch), open_now, whole), "discussion/_branch.html", context)


def _made(read: tuple[Any, ...], template: str, context: dict[str, Any]) -> SafeString:
    """Rendered once, and kept under everything the template reads, so that no change has to be announced here.

    A page with one new comment among a hundred then costs one rendering and not a hundred: 15 ms instead of 53.
    """
    read = (get_language(), reactions.name(), *read)
    html = _kept.get(read)
    if html is None:
        html = render_to_string(template, context)
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        if not settings.DEBUG:  # an edited template shows at once
            _kept[read] = html
    return html


def _read(comment: Comment) -> tuple[Any, ...]:
    return (
        comment.pk, comment.status, comment.author_name, comment.html, comment.created_at, comment.edited_at,
        comment.author_id, links(comment), comment.respects, comment.badge, comment.badge_label, comment.picked_at,
        comment.rating, comment.answered, comment.is_locked, correction_after(comment) if comment.is_public else None,
        tuple(name for name, _ in comment.withheld),
    )  # fmt: skip


def _read_branch(branch: Branch) -> tuple[Any, ...]:
    answers = branch.answers
    return (
        _read(branch.comment), branch.comment.reply_count, branch.beyond, branch.continues, branch.level,
        answers and (answers.pk, answers.status, answers.author_name), branch.excerpt,
        branch.reasons and branch.comment.merit,
        tuple(map(_read_branch, branch.replies)),
    )  # fmt: skip
