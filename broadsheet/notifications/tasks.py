"""What a worker does for those who follow a discussion or a person."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django_tasks import task

from broadsheet.accounts.models import Reader
from broadsheet.discussion.models import Comment, Mention
from broadsheet.notifications import rules
from broadsheet.notifications.actions import notify_all
from broadsheet.notifications.models import Kind

MOST_COMMENTS = 200  # looked at in one run; a discussion that got more in seconds has told its followers already
MOST_VOICES = 5  # the first comment of so many people: followers who wrote or muted one of them hear of the next


@task()
def spread(thread: int, since: str) -> None:
    """Tell the followers of a discussion, and of the people who write there, what has been published since a moment."""
    found = Comment.objects.visible_to(None).filter(thread=thread, published_at__gte=datetime.fromisoformat(since))
    comments = list(found.select_related("author", "parent").order_by("published_at", "pk")[:MOST_COMMENTS])
    first = list({comment.author_id: comment for comment in reversed(comments)}.values())[::-1]
    for comment in first:
        if comment.author and comment.author.has_public_page:  # who closed theirs after somebody followed is let be
            followers = Reader.objects.filter(follows__followed=comment.author_id)
            readers = _not_told(rules.may_hear(followers, comment.author), comment)
            notify_all(readers=readers, kind=Kind.PERSON, comment=comment, person=comment.author)
    for comment in first[:MOST_VOICES]:
        followers = Reader.objects.filter(followed_threads__thread=thread)
        if comment.author and comment.author.has_public_page:
            followers = followers.exclude(follows__followed=comment.author_id)
        notify_all(
            readers=_not_told(rules.may_hear(followers, comment.author), comment), kind=Kind.THREAD, comment=comment
        )


def _not_told(readers: QuerySet[Reader], comment: Comment) -> QuerySet[Reader]:
    """Without those who hear of this comment as an answer to them, or as one that names them."""
    if comment.parent and comment.parent.author_id:
        readers = readers.exclude(pk=comment.parent.author_id)
    return readers.exclude(Exists(Mention.objects.filter(comment=comment, reader=OuterRef("pk"))))
