"""The scorer as a check of what comes in (setting DISCUSSION_CHECKS). It notes and it holds, and never rejects."""

from __future__ import annotations

from broadsheet.discussion.badges import standing
from broadsheet.discussion.checks import Submission, Verdict
from broadsheet.scores import asking, findings, posts
from broadsheet.scores.models import Lateness


def scores(submission: Submission) -> list[Verdict]:
    """What the scorer says, where that could hold the comment; elsewhere it is asked once the comment is there."""
    if not asking.is_on():
        return []
    post = posts.begin(submission)
    use = post.use
    if not use.is_awaited or _is_of_the_paper(submission):
        return []
    if said := post.answer():
        return findings.verdicts(said.scores, use)
    return [findings.too_late()] if use.holds and use.when_late == Lateness.HOLD else []


def _is_of_the_paper(submission: Submission) -> bool:
    """Whether it is by staff or the story's author, whom the newsroom need not be protected from."""
    who = standing(submission.author, submission.thread)
    return who.is_staff or who.is_author
