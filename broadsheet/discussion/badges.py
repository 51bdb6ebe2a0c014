"""Who somebody is to a story at the moment they write under it. It is kept with the comment: people change, and what
they wrote as does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import Group, Permission
from django.db.models import Exists

from broadsheet.accounts.models import Reader
from broadsheet.discussion.models import VOICES, Badge, Status, Thread
from broadsheet.stories.models import Credit, Story

NEW_FOR = timedelta(days=7)  # a week holds one of each day: enough to have met the people who write here
FIRST_COMMENTS = 3  # the first is often a test and the second its correction; after three, readers know a voice
WRITERS = (Credit.Role.REPORTING, Credit.Role.WRITING, Credit.Role.ADDITIONAL_REPORTING)


@dataclass(frozen=True)
class Standing:
    """Who somebody is to one story and its discussion."""

    is_author: bool  # their name stands under the headline
    is_staff: bool  # they work at the paper: at the desk for stories or the one for comments
    is_expert: bool  # the newsroom has asked them to answer in this discussion


def standing(reader: Reader, thread: Thread) -> Standing:
    """One query for most readers, three for those who have a role.

    The author of a story reported or wrote it, in a photo feature photographed it. Who edited it is staff.
    """
    roles = [*WRITERS, Credit.Role.PHOTOGRAPHY] if thread.story.kind == Story.Kind.FEATURE else WRITERS
    credits = Credit.objects.filter(story=thread.pk, person__account=reader.pk, role__in=roles)
    invited = Thread.experts.through.objects.filter(thread=thread.pk, reader=reader.pk)
    found = Reader.objects.filter(pk=reader.pk).values_list(
        Exists(credits), Exists(invited), Exists(Group.objects.filter(user=reader.pk)),
        Exists(Permission.objects.filter(user=reader.pk)),
    )  # fmt: skip
    is_author, is_expert, *roles_or_rights = found.get()
    may_moderate = reader.is_superuser or any(roles_or_rights)  # without any, there is nothing to ask
    return Standing(is_author, reader.is_staff or (may_moderate and reader.is_moderator), is_expert)


def badge_of(author: Reader, who: Standing, now: datetime) -> tuple[str, str]:
    """The badge of what this person writes here now, and what they know about; ("", "") for most readers.

    The paper's own people come before its experts: who is paid by the paper is not to pass for somebody from outside.
    """
    badge = lasting_badge(author, who) or (Badge.NEW if is_new(author, now) else "")
    return badge, author.expertise if badge in VOICES else ""


def lasting_badge(author: Reader, who: Standing) -> str:
    """The badge that does not wear off with time; empty for most readers."""
    if author.is_guest:
        return Badge.GUEST
    if who.is_author:
        return Badge.AUTHOR
    if who.is_staff:
        return Badge.STAFF
    return Badge.EXPERT if author.expertise or who.is_expert else ""


def is_new(reader: Reader, now: datetime) -> bool:
    """Whether they joined this week or have not yet been heard three times; people are kinder to who is new."""
    if now - reader.date_joined < NEW_FOR:
        return True
    heard = reader.comments.filter(status=Status.PUBLISHED)[:FIRST_COMMENTS].count()
    return heard < FIRST_COMMENTS
