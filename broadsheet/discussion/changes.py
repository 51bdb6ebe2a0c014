"""What changed in a thread since a revision: one answer for stream, poll, embed and tests."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string

from broadsheet.core import clock
from broadsheet.discussion.corrected import corrections_of, mark, milliseconds
from broadsheet.discussion.fragments import fragment
from broadsheet.discussion.models import Comment, CommentQuerySet, Mode, Thread
from broadsheet.discussion.reading import linked, public_thread, without_words
from broadsheet.discussion.templatetags.discussion import state

MOST_CHANGES = 100  # to one answer; `more` says that the next ones are to be asked for at once


def since(thread_pk: int, revision: int) -> dict[str, Any] | None:
    """The public changes of a discussion after `revision`, in order, as JSON can carry them.

    None when the discussion is not public (any more). `since` repeats the question, so that whoever was further behind
    sees the gap. `revision` is where to ask from next; it is lower than the one asked with only if the numbers began
    anew (a restored database), and then the page is to be read again.
    """
    now = clock.now()
    thread = public_thread(thread_pk, now)
    if thread is None:
        return None
    # The thread was read first: a change in between then comes twice, which does no harm, and never not at all.
    changed = thread.comments.placed().filter(revision__gt=revision).order_by("revision")
    rows = list(with_roots(changed)[: MOST_CHANGES + 1])
    more = len(rows) > MOST_CHANGES
    rows = rows[:MOST_CHANGES]
    facts = state(thread, now)
    closed = facts["closed"] or facts["shut"]
    return {
        "since": revision,
        "revision": rows[-1].revision if more else max([thread.revision, *(row.revision for row in rows)]),
        "more": more,
        "comments": [told(comment, thread, open_now=facts["open"]) for comment in rows],
        "summary": render_to_string("discussion/_summary.html", {"thread": thread}),
        "closed": closed,
        "unused": facts["unused"],
        "usual": not closed and not facts["hours"],
        "state": render_to_string("discussion/_state.html", facts),
        "mode": _mode(thread, facts["open"]),
        "corrected": _corrected(thread),
    }


def _corrected(thread: Thread) -> dict[str, Any] | None:
    """The story's latest correction, for pages that were made before it: what is older than it gets this mark."""
    last = corrections_of(thread)[-1:]
    return {"at": milliseconds(last[0].made_at), "html": mark(last[0])} if last else None


def _mode(thread: Thread, open_now: bool) -> str:
    """How questions and reviews stand; nothing for comments, which have their number in the summary."""
    if thread.mode == Mode.COMMENTS:
        return ""
    return render_to_string("discussion/_mode.html", {"thread": thread, "story": thread.story, "open": open_now})


def with_roots(rows: CommentQuerySet) -> CommentQuerySet:
    """With the first comment of each conversation, without either's words that no page shows."""
    return without_words(linked(rows)).select_related("root").defer("root__body", "root__words", "root__html")


def told(comment: Comment, thread: Thread, *, open_now: bool) -> dict[str, Any]:
    """One comment as elements place it: where it stands, and the fragment everybody gets."""
    comment.thread = thread
    return {
        "id": comment.pk,
        "parent": comment.parent_id,
        "root": comment.root_id,
        "number": comment.number,
        "reply_number": comment.reply_number,
        "depth": comment.depth,
        "place": comment.place,
        "gone": not comment.is_public,
        "replies": comment.root.reply_count if comment.root else comment.reply_count,
        "html": fragment(comment, open_now=open_now),
    }
