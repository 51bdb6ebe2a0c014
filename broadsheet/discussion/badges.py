"""Who somebody is to a story at the moment they write under it. It is kept with the comment: people change, and what
they wrote as does not.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from broadsheet.accounts.models import Reader
from broadsheet.discussion.models import VOICES, Badge, Status, Thread
from broadsheet.stories.models import Credit, Story

NEW_FOR = timedelta(days=7)  # a week holds one of each day: enough to have met the people who write here
FIRST_COMMENTS = 3  # the first is often a test and the second its correction; after three, readers know a voice
WRITERS = (Credit.Role.REPORTING, Credit.Role.WRITING, Credit.Role.ADDITIONAL_REPORTING)


def badge_of(author: Reader, thread: Thread, now: datetime) -> tuple[str, str]:
    """The badge of what this person writes here now, and what they know about; ("", "") for most readers.

    The paper's own people come before its experts: who is paid by the paper is not to pass for somebody from outside.
    """
    badge = lasting_badge(author, thread) or (Badge.NEW if is_new(author, now) else "")
    return badge, author.expertise if badge in VOICES else ""


def lasting_badge(author: Reader, thread: Thread) -> str:
    """The badge that does not wear off with time; empty for most readers."""
    if author.is_guest:
        return Badge.GUEST
    if is_author(author, thread.story):
        return Badge.AUTHOR
    if is_staff(author):
        return Badge.STAFF
    return Badge.EXPERT if author.expertise or is_expert(author, thread) else ""


def is_author(reader: Reader, story: Story) -> bool:
    """Whether their name stands under the headline: who reported or wrote, in a photo feature who photographed.

    Who edited a story is staff, and did not write it.
    """
    roles = [*WRITERS, Credit.Role.PHOTOGRAPHY] if story.kind == Story.Kind.FEATURE else list(WRITERS)
    return Credit.objects.filter(story=story, person__account=reader, role__in=roles).exists()


def is_staff(reader: Reader) -> bool:
    """Whether they work at the paper: at the desk for stories or the one for comments."""
    return reader.is_staff or reader.is_moderator


def is_expert(reader: Reader, thread: Thread) -> bool:
    """Whether the newsroom has asked them to answer in this discussion."""
    return thread.experts.filter(pk=reader.pk).exists()


def is_new(reader: Reader, now: datetime) -> bool:
    """Whether they joined this week or have not yet been heard three times; people are kinder to who is new."""
    if now - reader.date_joined < NEW_FOR:
        return True
    heard = reader.comments.filter(status=Status.PUBLISHED)[:FIRST_COMMENTS].count()
    return heard < FIRST_COMMENTS
