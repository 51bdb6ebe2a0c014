"""What follows when a reader's e-mail address is proved: their comments that waited for nothing else are published."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from broadsheet.accounts.models import Reader
from broadsheet.core.refusals import Refused
from broadsheet.discussion import rules
from broadsheet.discussion.actions import release
from broadsheet.discussion.checks import unverified
from broadsheet.discussion.models import Comment, CommentQuerySet, Flag, Status


def publish_waiting(reader: Reader) -> None:
    """For ACCOUNT_LISTENERS: publish this reader's comments that are held for their unproved address alone.

    Of somebody who may not speak there any more, or whom an editor reads first by now, nothing comes out: it goes on
    waiting, for a moderator.
    """
    for comment in waiting(reader).with_story().order_by("pk"):
        if rules.why_not_speak(reader, comment.thread):
            continue
        try:
            release(comment, reader)
        except Refused:
            continue  # decided about, or withdrawn, at this very moment


def waiting(reader: Reader) -> CommentQuerySet:
    """Comments of a reader that were never public and that no check but `unverified` holds."""
    found = Flag.objects.filter(comment=OuterRef("pk")).exclude(asks_for="")  # what was only noticed holds nothing
    return Comment.objects.filter(
        Exists(found.filter(check_name=unverified.__name__)),
        ~Exists(found.exclude(check_name=unverified.__name__)),
        author=reader,
        status=Status.PENDING,
        published_at=None,
    )
