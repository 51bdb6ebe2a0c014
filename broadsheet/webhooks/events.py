"""Events: written down in the transaction of what happened, for every endpoint that asked for their kind.

What an event holds is fixed here: numbers, addresses, statuses and reasons. Never a name, never a note of a
moderator's, a reporter's or an appellant's, and of a story that is not public only its number.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django_tasks import task

from broadsheet.core import clock
from broadsheet.discussion.models import Comment, Thread
from broadsheet.webhooks.models import Delivery, Endpoint, Event, Kind

Data = dict[str, Any]


def record(kind: Kind, told: Callable[[], Data], comment: Comment | None = None) -> Event | None:
    """Write an event down for whoever asked for it; None where nobody did, and then nothing is written.

    `told` makes what the event holds, where it is wanted: every comment comes by here.
    """
    wanting = [each for each in Endpoint.objects.filter(is_on=True) if kind in each.events]
    if not wanting:
        return None
    with transaction.atomic():
        event = Event.objects.create(kind=kind, data=told(), comment=comment)
        send(event, wanting)
    return event


def send(event: Event, endpoints: list[Endpoint]) -> None:
    """Put an event on its way to these endpoints. The worker is woken after the commit; it looks by itself anyway."""
    now = clock.now()
    is_first = not Delivery.objects.filter(next_try_at__lte=now).exists()
    Delivery.objects.bulk_create(Delivery(endpoint=each, event=event, next_try_at=now) for each in endpoints)
    if is_first:  # else somebody has woken it already
        transaction.on_commit(partial(deliver_soon.enqueue))


@task()
def deliver_soon() -> None:
    """Send what is due now."""
    from broadsheet.webhooks.delivering import send_due

    send_due()


def about_comment(comment: Comment) -> Data:
    """A comment as an event holds it."""
    return {
        "comment": {
            "id": comment.pk,
            "status": str(comment.status),
            "address": _site(reverse("comment", args=[comment.pk])),
            "desk": _site(reverse("moderation:comment", args=[comment.pk])),
            "reply_to": comment.parent_id,
            "language": comment.language or None,
            "written_at": comment.created_at.isoformat(),
        },
        **about_story(comment.thread),
    }


def about_story(thread: Thread) -> Data:
    """A story as an event holds it: by its number, and by its address and headline where everybody can read it."""
    story = thread.story
    if not story.is_public():
        return {"story": {"id": story.pk}}
    return {
        "story": {"id": story.pk, "address": _site(story.get_absolute_url()), "headline": story.headline},
    }


def _site(path: str) -> str:
    return f"{settings.SITE_URL}{path}"
