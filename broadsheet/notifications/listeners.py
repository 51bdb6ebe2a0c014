"""What happens in discussions, and whom it concerns. Called inside the transaction of what happened."""

from __future__ import annotations

from datetime import timedelta

from django.core.cache import cache
from django.db import transaction

from broadsheet.accounts.models import Follow, Reader
from broadsheet.core import clock
from broadsheet.discussion import mentions
from broadsheet.discussion.happenings import Happening
from broadsheet.discussion.happenings import Kind as Happened
from broadsheet.discussion.models import Comment, ThreadFollow
from broadsheet.notifications import rules
from broadsheet.notifications.actions import notify, notify_all, notify_correction
from broadsheet.notifications.models import Kind
from broadsheet.notifications.tasks import spread
from broadsheet.stories.models import Notice

GATHER = timedelta(seconds=15)  # followers of a busy discussion are looked up once in so long
_GATHERING = 10  # seconds in which nobody asks for it again; less than GATHER, so that nothing falls between


def heard(happening: Happening) -> None:
    """A listener of discussions (setting DISCUSSION_LISTENERS)."""
    comment = happening.comment
    if happening.kind == Happened.PUBLISHED:
        _answered(comment)
        _named(comment)
        _tell_followers(comment)
    elif happening.kind == Happened.EDITED and comment.is_public:
        _named(comment)
    elif happening.kind == Happened.PICKED:
        notify(reader=comment.author, kind=Kind.PICK, comment=comment, by=happening.by)


def corrected(notice: Notice) -> None:
    """A listener of stories (setting NOTICE_LISTENERS): a comment under the story led to a correction of it."""
    if notice.kind not in {Notice.Kind.CORRECTION, Notice.Kind.CLARIFICATION}:
        return
    found = Comment.objects.filter(pk=notice.thanks_to or 0, thread=notice.story_id, published_at__isnull=False)
    if comment := found.select_related("author").first():
        notify_correction(comment, notice.pk)


def _answered(comment: Comment) -> None:
    parent = comment.parent
    if parent and parent.author_id:
        notify(reader=parent.author, kind=Kind.REPLY, comment=parent, by=comment.author, about=comment)


def _named(comment: Comment) -> None:
    """Whom the comment answers hears of it as a reply."""
    if not mentions.may_name(comment):
        return
    named = Reader.objects.filter(mentions__comment=comment)
    if comment.parent and comment.parent.author_id:
        named = named.exclude(pk=comment.parent.author_id)
    if readers := rules.may_hear(named, comment.author):
        notify_all(readers=readers, kind=Kind.MENTION, comment=comment)


def _tell_followers(comment: Comment) -> None:
    """Leave it to a worker: there may be thousands, and whoever wrote waits for this transaction."""
    followed = ThreadFollow.objects.filter(thread=comment.thread_id).exists()
    if not followed and not Follow.objects.filter(followed=comment.author_id).exists():
        return
    asked = f"notifications:spread:{comment.thread_id}"
    if not cache.get(asked):
        later = spread.using(run_after=clock.now() + GATHER)
        since = comment.published_at or clock.now()
        later.enqueue(comment.thread_id, since.isoformat())
        transaction.on_commit(lambda: cache.set(asked, True, _GATHERING))  # not for what is rolled back with its task
