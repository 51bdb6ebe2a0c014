"""Telling WebSub hubs (W3C, 2018) that a feed has changed: written down with the change, sent in the background."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django_tasks import task

from broadsheet.core import clock
from broadsheet.core.outbound import Unreachable, fetch
from broadsheet.stories.models import Named, Story
from broadsheet.stories.structured import absolute
from broadsheet.wire.models import Ping

log = logging.getLogger(__name__)

# After each try; after the last it is given up: what was to be told is old then, and programs ask by themselves too.
PAUSES = [timedelta(seconds=seconds) for seconds in (30, 300, 1800, 7200, 21_600)]
RUN = 15.0  # seconds of one run
AT_ONCE = 50  # stories in one message


def note(story: Story) -> None:
    """Write down that every hub is to be told of this story: now, or when its embargo ends."""
    if not settings.WEBSUB_HUBS or story.is_outside:
        return
    now = clock.now()
    due = max(now, story.published_at or now) if story.live else now
    Ping.objects.bulk_create(
        [Ping(hub=hub, story_id=story.pk, asked=secrets.token_hex(8), next_try_at=due) for hub in settings.WEBSUB_HUBS],
        update_conflicts=True,
        unique_fields=["hub", "story"],
        update_fields=["asked", "tries", "next_try_at"],
    )
    if due <= now:
        send_soon.enqueue()


@task()
def send_soon() -> None:
    """Tell the hubs of a change as soon as a worker has time."""
    send_due()


def send_due() -> int:
    """Tell each hub of the stories that are due; how many hubs took it (a job of the setting JOBS)."""
    until, taken = time.monotonic() + RUN, 0
    if not Ping.objects.filter(next_try_at__lte=clock.now()).exists():
        return 0  # and nothing is written
    Ping.objects.exclude(hub__in=settings.WEBSUB_HUBS).delete()
    for hub in settings.WEBSUB_HUBS:
        while time.monotonic() < until and (claimed := _claim(hub)):
            if not _tell(hub, claimed):
                break
            taken += 1
    return taken


def _claim(hub: str) -> list[Ping]:
    """The stories of which this hub is to be told: nobody else tells of them until their pause is over."""
    now = clock.now()
    due = Ping.objects.filter(hub=hub, next_try_at__lte=now).order_by("next_try_at", "pk")[:AT_ONCE]
    return [ping for ping in due if _is_mine(ping, now)]


def _is_mine(ping: Ping, now: datetime) -> bool:
    pause = PAUSES[min(ping.tries, len(PAUSES) - 1)]
    mine = Ping.objects.filter(pk=ping.pk, asked=ping.asked, tries=ping.tries, next_try_at=ping.next_try_at)
    return bool(mine.update(tries=ping.tries + 1, next_try_at=now + pause))


def _tell(hub: str, claimed: list[Ping]) -> bool:
    """Send one message for all these stories, and forget them, where nothing came meanwhile."""
    feeds = feeds_of((ping.story_id for ping in claimed), clock.now())
    fault = _post(hub, feeds) if feeds else ""
    if fault:
        log.warning("The hub %s was not told (%s).", hub, fault)
        Ping.objects.filter(pk__in=[ping.pk for ping in claimed], tries__gt=len(PAUSES)).delete()
        return False
    for ping in claimed:
        Ping.objects.filter(pk=ping.pk, asked=ping.asked).delete()
    return True


def _post(hub: str, feeds: list[str]) -> str:
    """One message; what went wrong, or nothing. Redirects are not followed."""
    body = urlencode([("hub.mode", "publish"), *(("hub.url", feed) for feed in feeds)]).encode()
    try:
        answer = fetch(hub, method="POST", headers={"Content-Type": "application/x-www-form-urlencoded"}, body=body)
    except Unreachable as why:
        return str(why)
    return "" if 200 <= answer.status < 300 else f"it answered {answer.status}"


def feeds_of(numbers: Iterable[int], now: datetime) -> list[str]:
    """The addresses of every feed that has or had these stories; nothing that still is under embargo names one."""
    known = Story.objects.ours().filter(pk__in=list(numbers)).exclude(Q(live=True, published_at__gt=now))
    stories = list(known.select_related("section").prefetch_related("credits__person", "topics"))
    if not stories:
        return []
    found = [reverse(name) for name in ("feed", "rss", "json_feed")]
    found += [reverse("ninjs_feed")] if settings.WIRE else []
    for story in stories:
        if not story.live or story.published_at is None:
            continue
        parts: list[tuple[str, Named]] = [("section", story.section)] if story.section else []
        parts += [("topic", topic) for topic in story.topics.all()]
        parts += [("author", credit.person) for credit in story.credits.all()]
        for kind, part in parts:
            found += [reverse(f"{kind}_{form}", args=[part.slug]) for form in ("feed", "rss", "json_feed")]
    return [absolute(path) for path in dict.fromkeys(found)]
