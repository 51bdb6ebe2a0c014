"""What discussions know of a reader: for their export, and to be undone when their account goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from broadsheet.accounts.deletion import former_reader
from broadsheet.accounts.models import Deletion, Reader
from broadsheet.accounts.sections import section
from broadsheet.core import clock
from broadsheet.core.tidying import delete_all
from broadsheet.discussion.actions import part_from_author
from broadsheet.discussion.models import Badge, Comment, Mention, Status, ThreadFollow, Visit
from broadsheet.discussion.reactions import take_back_all
from broadsheet.stories.models import Story

AT_A_TIME = 100  # comments read at once while all of somebody's are gone through

Row = dict[str, Any]


@section("comments", _("Your comments"), "discussion.Comment.author")
def comments(reader: Reader) -> Iterator[Row]:
    """Every comment, whatever became of it, with its earlier words. Stories that are not public are not named."""
    last = 0
    while some := list(_after(reader, last)):
        public = _public_stories({comment.thread_id for comment in some})
        yield from (_comment(comment, public.get(comment.thread_id)) for comment in some)
        last = some[-1].pk


def _after(reader: Reader, last: int) -> Any:
    rows = reader.comments.filter(pk__gt=last).order_by("pk")
    return rows.prefetch_related("versions")[:AT_A_TIME]


def _public_stories(numbers: set[int]) -> dict[int, Story]:
    return Story.objects.public(clock.now()).in_bulk(numbers)


def _comment(comment: Comment, story: Story | None) -> Row:
    is_linked = story is not None and comment.is_public
    return {
        "number": comment.pk,
        "story": story.headline if story else None,
        "address": settings.SITE_URL + reverse("comment", args=[comment.pk]) if is_linked else None,
        "name": comment.author_name,
        "reply_to": comment.parent_id,
        "status": Status(comment.status),
        "created_at": comment.created_at,
        "published_at": comment.published_at,
        "edited_at": comment.edited_at,
        "withdrawn_at": comment.withdrawn_at,
        "body": comment.body,
        "rating": comment.rating,
        "badge": Badge(comment.badge) if comment.badge else "",
        "badge_label": comment.badge_label,
        "respects": comment.respects,
        "picked_at": comment.picked_at,
        "versions": [{"until": each.written_at, "body": each.body} for each in comment.versions.all()],
    }


@section("reactions", _("Comments you showed respect for"), "discussion.Reaction.reader")
def reactions(reader: Reader) -> Iterator[Row]:
    """Which comments, not what stands in them: that is somebody else's."""
    for each in reader.reactions.order_by("pk").iterator():
        yield {"comment": each.comment_id, "since": each.created_at}


@section("mentions", _("Comments that name you"), "discussion.Mention.reader")
def mentions(reader: Reader) -> Iterator[Row]:
    """Which comments, where everybody can read them."""
    shown = Comment.objects.visible_to(None)
    for each in Mention.objects.filter(reader=reader, comment__in=shown).order_by("pk").iterator():
        yield {"comment": each.comment_id}


@section("followed_discussions", _("Discussions you follow"), "discussion.ThreadFollow.reader")
def followed_discussions(reader: Reader) -> Iterator[Row]:
    """Which discussions they want to hear of."""
    for each in ThreadFollow.objects.filter(reader=reader).order_by("pk").iterator():
        yield {"story": each.thread_id, "since": each.created_at}


@section("expert_in", _("Discussions you answer in as an expert"), "discussion.Thread_experts.reader")
def expert_in(reader: Reader) -> Iterator[Row]:
    """Where the newsroom has asked them to answer."""
    for number in reader.expert_in.order_by("pk").values_list("pk", flat=True):
        yield {"story": number}


@section("visits", _("Discussions you read"), "discussion.Visit.reader")
def visits(reader: Reader) -> Iterator[Row]:
    """How far they have read where."""
    for each in Visit.objects.filter(reader=reader).order_by("pk").iterator():
        yield {"story": each.thread_id, "visited_at": each.at}


def erase(reader: Reader, choice: str) -> None:
    """Part every comment from its author, and forget what else they did here, counts right at each step.

    Each comment is a transaction of its own, so that nobody who writes at the same time waits long, and a run that was
    interrupted goes on where it was.
    """
    withdraw, name = choice == Deletion.Choice.WITHDRAW, former_reader()
    while some := list(reader.comments.order_by("thread_id", "pk")[:AT_A_TIME]):
        for comment in some:
            part_from_author(comment=comment, name=name, withdraw=withdraw)
    take_back_all(reader)
    for model in (Mention, ThreadFollow, Visit):
        delete_all(model._base_manager.filter(reader=reader))
    reader.expert_in.clear()
