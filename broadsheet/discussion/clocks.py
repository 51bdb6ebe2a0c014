"""What is forgotten of discussions when its time is over (setting CLOCKS)."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils.module_loading import import_string

from broadsheet.core.tidying import delete_all, some_at_a_time
from broadsheet.discussion.models import Comment, CommentQuerySet, Status, Version, Visit


def visits(now: datetime) -> tuple[int, str]:
    """How far somebody had read a discussion a year ago."""
    return delete_all(Visit.objects.filter(at__lt=now - settings.VISITS_KEPT)), "old visits forgotten"


def withdrawn_words(now: datetime) -> tuple[int, str]:
    """The words of comments that their authors took back: kept for a while, as the desk may have to answer for them."""
    before = now - settings.WITHDRAWN_TEXT_KEPT
    old = Comment.objects.filter(status=Status.WITHDRAWN, withdrawn_at__lt=before).exclude(body="")
    return some_at_a_time(unkept(old), lambda keys: empty(keys, Status.WITHDRAWN)), "withdrawn comments emptied"


def unkept(comments: CommentQuerySet) -> CommentQuerySet:
    """Without those whose words something forbids to delete (setting WORDS_KEPT): a legal hold, an open appeal."""
    for path in settings.WORDS_KEPT:
        comments = comments.exclude(pk__in=import_string(path)())
    return comments


def empty(keys: list[int], status: Status) -> int:
    """Delete the words and earlier words of comments that no page shows but the desk's and their author's.

    So no revision is taken and no page dropped. One that has another status by now is left alone.
    """
    rows = unkept(Comment.objects.filter(pk__in=keys, status=status))
    Version.objects.filter(comment__in=rows).delete()
    return rows.update(body="", html="", words="")
