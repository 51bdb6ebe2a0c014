"""What one reader wants to hear of, and whom not to read: follows of discussions and people, and mutes.

Nobody else is told.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from broadsheet.accounts.models import Follow, Mute, Reader
from broadsheet.core import clock
from broadsheet.core.refusals import NotFound, Refused, refuse_if
from broadsheet.discussion.models import Comment, Status, Thread, ThreadFollow
from broadsheet.stories.models import Story

MOST_MUTED = 500  # people to one reader: every page of theirs asks for all of them
MOST_FOLLOWED = 1000  # discussions or people to one reader


def is_known(person: Reader) -> bool:
    """True for those whose name anybody can read under a public story. Of others these pages know nothing.

    Numbers of accounts can be guessed; a page that named each would list everybody who ever signed up.
    """
    said = Comment.objects.filter(author=person, status=Status.PUBLISHED)
    return said.filter(thread__story__in=Story.objects.public(clock.now())).exists()


def is_listed(reader: Reader, person: Reader) -> bool:
    """Whether a reader follows or has muted that person."""
    return (
        Follow.objects.filter(reader=reader, followed=person).exists()
        or Mute.objects.filter(reader=reader, muted=person).exists()
    )


def why_not_follow_thread(reader: Reader | None, thread: Thread) -> str | None:
    """Why this person cannot follow that discussion; None when they can. A closed one has nothing to tell any more."""
    if reason := _why_not_choose(reader):
        return reason
    if thread.is_closed(clock.now()):
        return _("This discussion is closed: nothing new will be said in it.")
    return None


def why_not_follow_person(reader: Reader | None, person: Reader) -> str | None:
    """Why this person cannot hear of what that one writes; None when they can."""
    if reason := _why_not_choose(reader):
        return reason
    if reader == person:
        return _("You cannot follow yourself.")
    if not person.is_active or person.is_guest or not person.has_public_page:
        return _("This reader has no public page, so there is nothing to follow.")
    return None


def why_not_mute(reader: Reader | None, person: Reader) -> str | None:
    """Why this person cannot fold away what that one writes; None when they can."""
    if reason := _why_not_choose(reader):
        return reason
    return _("You cannot mute yourself.") if reader == person else None


def _why_not_choose(reader: Reader | None) -> str | None:
    if reader is None:
        return _("Please sign in first.")
    if not reader.is_active:
        return _("This account has been deactivated.")
    return _("Guests have no account to keep that in.") if reader.is_guest else None


def follow_thread(*, reader: Reader, thread: Thread) -> None:
    """Let a reader hear of new comments in a discussion. Raises Refused, NotFound."""
    _require_public(thread)
    refuse_if(why_not_follow_thread(reader, thread))
    _require_room(ThreadFollow.objects.filter(reader=reader), MOST_FOLLOWED)
    with transaction.atomic():
        kept, _is_new = Thread.objects.get_or_create(story=thread.story)
        ThreadFollow.objects.get_or_create(reader=reader, thread=kept)


def unfollow_thread(*, reader: Reader, thread: Thread) -> None:
    """Follow a discussion no longer."""
    ThreadFollow.objects.filter(reader=reader, thread=thread.pk).delete()


def follow_person(*, reader: Reader, person: Reader) -> None:
    """Let a reader hear of what somebody writes. Whom one follows one does not mute. Raises Refused."""
    refuse_if(why_not_follow_person(reader, person))
    _require_room(Follow.objects.filter(reader=reader), MOST_FOLLOWED)
    with transaction.atomic():
        Mute.objects.filter(reader=reader, muted=person).delete()
        Follow.objects.get_or_create(reader=reader, followed=person)


def unfollow_person(*, reader: Reader, person: Reader) -> None:
    """Follow somebody no longer."""
    Follow.objects.filter(reader=reader, followed=person).delete()


def mute(*, reader: Reader, person: Reader) -> None:
    """Fold away what somebody writes, for this reader alone. Whom one mutes one does not follow. Raises Refused."""
    refuse_if(why_not_mute(reader, person))
    _require_room(Mute.objects.filter(reader=reader), MOST_MUTED)
    with transaction.atomic():
        Follow.objects.filter(reader=reader, followed=person).delete()
        Mute.objects.get_or_create(reader=reader, muted=person)


def unmute(*, reader: Reader, person: Reader) -> None:
    """Read somebody again."""
    Mute.objects.filter(reader=reader, muted=person).delete()


def _require_public(thread: Thread) -> None:
    if not thread.story.is_public():
        raise NotFound(_("There is no such story."))


def _require_room(rows: Any, most: int) -> None:
    if rows[:most].count() >= most:
        raise Refused(_("Your list is full. Please take somebody or something off it first."))
