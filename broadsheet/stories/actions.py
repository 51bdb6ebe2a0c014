"""Verbs of the newsroom, for the desk, imports, the demo and tests alike."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from broadsheet.core import clock
from broadsheet.core.refusals import Refused, Unacceptable
from broadsheet.core.text import is_blank, readable
from broadsheet.stories import release
from broadsheet.stories.addresses import story_at
from broadsheet.stories.body import body_html
from broadsheet.stories.models import Notice, Picture, Section, Story, StoryQuerySet, tell_of_notices
from broadsheet.stories.rules import (
    LEAD_FACTS,
    has_been_public,
    may_publish,
    missing_for_publication,
    not_yet,
    shortened,
)

if TYPE_CHECKING:
    from broadsheet.accounts.models import Reader

LONGEST_NOTICE = 2000


def publish_story(*, story: Story, by: Reader | None = None, at: datetime | None = None) -> Story:
    """Release a story as it is in hand: at once, or under embargo when `at` (or its own moment) is in the future.

    Returns the story as it now stands in the database. `by` None is the program itself. Raises Refused when `by` may
    not publish or `at` would move a moment that readers know; Unacceptable with what is missing.
    """
    _refuse_unless_may_publish(by)
    if at is not None:
        standing = Story.objects.filter(pk=story.pk).first()
        if standing and has_been_public(standing) and standing.published_at != at:
            raise Refused(_("This story has been public; its moment of publication can't be moved."))
        story.published_at = at
    story.fill_slug()
    if missing := missing_for_publication(story):
        raise Unacceptable(not_yet(missing))
    with transaction.atomic():
        if not story.pk:
            story.live = False
            story.save()
        revision = _revision(story, by)
        revision.publish(user=by, skip_permission_checks=True)
    return Story.objects.get(pk=story.pk)


def add_outside_story(
    *, headline: str, home: str, published_at: datetime, section: Section | None = None, standfirst: str = ""
) -> Story:
    """Give a story that stands on another site a page here, with its headline, the way there and a discussion.

    Whoever asks twice at the same moment gets the same story. Raises Unacceptable for words or an address that are
    none, and for an address at which another story stands that readers may not see.
    """
    story = Story(
        kind=Story.Kind.OUTSIDE,
        headline=readable(headline, most=200, what=_("Headline"), lines=False),
        standfirst=readable(standfirst, most=500, what=_("Standfirst")),
        home=home.strip(),
        section=section,
    )
    try:
        return publish_story(story=story, at=published_at)
    except Unacceptable:
        standing = story_at(home)
        if standing is None or not standing.is_public():
            raise
        return standing


def add_notice(
    *,
    story: Story,
    kind: str,
    text: str,
    by: Reader | None = None,
    at: datetime | None = None,
    thanks_to: int | None = None,
) -> Notice:
    """Put a dated notice on a released story: a correction, a clarification, an update or its withdrawal.

    Only the notice becomes public; a draft of other changes stays a draft, and knows the notice from now on.
    `at` is for notices of the past (imports); without it, it is dated by the moment readers see it. `thanks_to` is the
    number of the comment that led to it, whose author is told. Raises Refused or Unacceptable.
    """
    words = _readable_notice(kind, text, by)
    with transaction.atomic():
        standing = _released(story)
        last = max((notice.sort_order or 0 for notice in standing.notices.all()), default=-1)
        notice = Notice(kind=kind, text=words, made_at=at, sort_order=last + 1, thanks_to=thanks_to)
        _add_to(standing, notice)
        _tell_the_drafts(standing, notice, by)
    return notice


def draft_notice(
    *, story: Story, kind: str, text: str, by: Reader | None = None, thanks_to: int | None = None
) -> Story:
    """Put a notice into a released story's draft, to be published together with what it tells of.

    Readers see nothing of it until somebody publishes the draft, by the rules of every publication. Returns the draft.
    Raises Refused or Unacceptable.
    """
    words = _readable_notice(kind, text, by)
    with transaction.atomic():
        standing = _released(story)
        if (lock := standing.get_lock()) and (by is None or lock.for_user(by)):
            raise Refused(_("Somebody has locked this story at the desk. Please wait until it is unlocked."))
        draft: Story = standing.get_latest_revision_as_object()
        last = max((notice.sort_order or 0 for notice in draft.notices.all()), default=-1)
        draft.notices.add(Notice(kind=kind, text=words, sort_order=last + 1, thanks_to=thanks_to))
        draft.save_revision(user=by, clean=False)
    return draft


def withdraw_story(*, story: Story, text: str, by: Reader | None = None, at: datetime | None = None) -> Story:
    """Withdraw a story from use: its address answers with the notice, and every list forgets it at once."""
    add_notice(story=story, kind=Notice.Kind.WITHDRAWAL, text=text, by=by, at=at)
    return Story.objects.get(pk=story.pk)


def _readable_notice(kind: str, text: str, by: Reader | None) -> str:
    _refuse_unless_may_publish(by)
    words = readable(text, most=LONGEST_NOTICE, what=_("Notice"))
    if is_blank(words):
        raise Unacceptable(_("The notice is empty: say what was changed and why."))
    if kind not in Notice.Kind.values:
        raise Unacceptable(_("There is no such kind of notice."))
    return words


def _released(story: Story) -> Story:
    standing: Story = Story.objects.select_for_update().get(pk=story.pk)
    if not standing.live:
        raise Refused(_("Only a published story carries notices; change the words of this one instead."))
    return standing


def _refuse_unless_may_publish(by: Reader | None) -> None:
    if not may_publish(by):
        raise Refused(_("Only an editor can publish, withdraw or put a notice on a story."))


def _revision(story: Story, by: Reader | None):  # type: ignore[no-untyped-def]  # Wagtail's Revision has no types
    try:
        return story.save_revision(user=by)
    except ValidationError as fault:
        raise Unacceptable(" ".join(fault.messages)) from None


def _add_to(standing: Story, notice: Notice) -> None:
    before = Story.objects.get(pk=standing.pk)
    standing.notices.add(notice)
    release.date_notices(standing, before, clock.now())
    standing.save()  # touches every page that shows it
    tell_of_notices(standing.pk)


def _tell_the_drafts(standing: Story, notice: Notice, by: Reader | None) -> None:
    """A draft that did not know the notice would take it away when it is published."""
    if standing.has_unpublished_changes:
        draft = standing.get_latest_revision_as_object()
        draft.notices.add(notice)
        draft.save_revision(user=by, clean=False)
    elif standing.latest_revision_id:
        revision = standing.save_revision(user=by, changed=False, clean=False)
        standing.live_revision = revision
        standing.save(update_fields=["live_revision"])


def stories_showing(picture: Picture) -> StoryQuerySet:
    """Stories that show a picture: at their head, published or not, or in their published body."""
    body = Q(body_html__contains=f"/pictures/{picture.folder}/") if picture.folder else Q(pk__in=[])
    found: StoryQuerySet = Story.objects.filter(Q(lead_picture=picture) | body)
    return found


def reprint_picture(*, picture: Picture, before: Picture) -> None:
    """Print a picture's changed facts, or its new file, on the published stories that show it.

    Words that a story chose for itself stay as they are.
    """
    if before.folder == picture.folder and before.facts == picture.facts:
        return
    for story in stories_showing(before).filter(live=True):
        for name, source in LEAD_FACTS.items():
            if story.lead_picture_id == picture.pk and getattr(story, name) == getattr(before, source):
                setattr(story, name, shortened(getattr(picture, source), story, name))
        story.body_html = body_html(story) if before.folder in story.body_html else story.body_html
        story.save(update_fields=["body_html", *LEAD_FACTS])
