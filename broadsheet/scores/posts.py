"""The score of what is being posted by this thread of the process: asked for once, used by whoever needs it.

The check is asked first, a rule about a score after it, the listener when the comment is stored.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from broadsheet.discussion.checks import Submission
from broadsheet.discussion.models import Comment
from broadsheet.scores import about, asking
from broadsheet.scores.asking import Said
from broadsheet.scores.models import Use


@dataclass
class Post:
    """One submission, and the scorer's answer where somebody has asked for it (None: it was late)."""

    submission: Submission
    use: Use
    is_asked: bool = False
    said: Said | None = None

    def answer(self) -> Said | None:
        """What the scorer says; asked, and waited for, once."""
        if not self.is_asked:
            self.is_asked = True
            self.said = asking.ask_within(about.of_submission(self.submission))
        return self.said


_now = threading.local()


def begin(submission: Submission) -> Post:
    """Remember what is being posted, until the next, and how scores are used at that moment."""
    post = _now.post = Post(submission, Use.now())
    return post


def of_text(text: str) -> Post | None:
    """What is being posted, if those are its words."""
    post: Post | None = getattr(_now, "post", None)
    return post if post and post.submission.body == text else None


def finish(comment: Comment) -> Post | None:
    """What was known of a comment that is now stored; it is forgotten here with that."""
    post = of_text(comment.body)
    _now.post = None
    if post and (post.submission.thread.pk, post.submission.author.pk) == (comment.thread_id, comment.author_id):
        return post
    return None
