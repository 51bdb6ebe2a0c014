"""Which comments were written before a correction of their story: their readers should know that their author did not.

Asked of the story's notices when a page is made, one query for a page however many comments are on it, and none where
the story was never corrected. Only corrections and clarifications count: an update takes nothing back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from broadsheet.discussion.models import Comment, Thread
from broadsheet.stories.models import Notice

KINDS = (Notice.Kind.CORRECTION, Notice.Kind.CLARIFICATION)


class Corrected(NamedTuple):
    """One correction of a story, and where its words stand."""

    made_at: datetime
    kind: str
    address: str


def give(threads: Iterable[Thread]) -> None:
    """Give each of these discussions the corrections of its story, the earliest first; one query for all, or none."""
    asked = list(threads)
    stories = {thread.story.pk: thread.story for thread in asked if thread.story.corrected_at}
    found: dict[int, list[Corrected]] = defaultdict(list)
    if stories:
        notices = Notice.objects.filter(story__in=stories, kind__in=KINDS).order_by("made_at", "pk")
        for notice in notices.only("story", "kind", "made_at"):
            address = f"{stories[notice.story_id].get_absolute_url()}#notice-{notice.pk}"
            if notice.made_at:  # a draft's has no date yet
                found[notice.story_id].append(Corrected(notice.made_at, notice.kind, address))
    for thread in asked:
        thread.corrections = found.get(thread.story.pk, [])


def corrections_of(thread: Thread) -> Sequence[Corrected]:
    """The corrections of a discussion's story, the earliest first; asked for once."""
    if "corrections" not in vars(thread):
        give([thread])
    return thread.corrections


def correction_after(comment: Comment) -> Corrected | None:
    """The first correction of the story since the comment's words were written; None where there is none."""
    return next((each for each in corrections_of(comment.thread) if each.made_at > written(comment)), None)


def written(comment: Comment) -> datetime:
    """When a comment got the words it has."""
    return comment.edited_at or comment.created_at


def milliseconds(moment: datetime) -> int:
    """A moment as scripts compare it."""
    return int(moment.timestamp() * 1000)


def mark(correction: Corrected) -> SafeString:
    """What a comment says that is older than that correction."""
    is_clarification = correction.kind == Notice.Kind.CLARIFICATION
    facts = {"correction": correction, "is_clarification": is_clarification}
    return render_to_string("discussion/_corrected.html", facts)
