"""How often one reader may post: so many comments a minute anywhere, and slow mode in one discussion.

Edits are no posts. What was withdrawn or held counts too: it was posted.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil

from django.conf import settings
from django.utils.translation import ngettext

from broadsheet.accounts.models import Reader
from broadsheet.discussion.models import Comment, Thread

MINUTE, HOUR = 60, 3600


def slow_seconds(thread: Thread) -> int:
    """The seconds between two comments of one reader here: the thread's own, else the newsroom's; 0 is none."""
    own: int | None = thread.slow_seconds
    return int(settings.SLOW_MODE_SECONDS) if own is None else own


def slow_until(author: Reader, thread: Thread, now: datetime) -> datetime | None:
    """When slow mode lets this reader post here again; None when it does now, as it always does staff."""
    wait = timedelta(seconds=slow_seconds(thread))
    if not wait or author.is_staff or author.is_moderator:
        return None
    own = Comment.objects.filter(author=author, thread=thread.pk, created_at__gt=now - wait)
    latest = own.order_by("-created_at").values_list("created_at", flat=True).first()
    return latest + wait if latest else None


def rate_until(author: Reader, now: datetime) -> datetime | None:
    """When the limit of comments a minute lets this reader post again; None when it does now."""
    minute, most = timedelta(seconds=MINUTE), settings.COMMENTS_PER_MINUTE
    recent = Comment.objects.filter(author=author, created_at__gt=now - minute).order_by("-created_at")
    times = list(recent.values_list("created_at", flat=True)[:most])
    return times[-1] + minute if len(times) >= most else None


def seconds_left(until: datetime, now: datetime) -> int:
    """Whole seconds until that moment, at least one."""
    return max(1, ceil((until - now).total_seconds()))


def slow_sentence(thread: Thread) -> str:
    """What the page says of slow mode; empty where there is none."""
    seconds = slow_seconds(thread)
    if not seconds:
        return ""
    if seconds % HOUR == 0:
        sentence = ngettext(
            "Slow mode: one comment an hour.", "Slow mode: one comment every %(n)s hours.", seconds // HOUR
        )
        return sentence % {"n": seconds // HOUR}
    if seconds % MINUTE == 0:
        sentence = ngettext(
            "Slow mode: one comment a minute.", "Slow mode: one comment every %(n)s minutes.", seconds // MINUTE
        )
        return sentence % {"n": seconds // MINUTE}
    sentence = ngettext("Slow mode: one comment a second.", "Slow mode: one comment every %(n)s seconds.", seconds)
    return sentence % {"n": seconds}


def rate_refusal(wait: int) -> str:
    """Why a comment that came too quickly after others is not taken yet."""
    sentence = ngettext(
        "That was quick. Please wait a second before you post again.",
        "That was quick. Please wait %(n)s seconds before you post again.",
        wait,
    )
    return sentence % {"n": wait}


def slow_refusal(wait: int) -> str:
    """Why a comment is not taken yet in a discussion with slow mode; a long wait is told in minutes or hours."""
    if wait > 2 * HOUR:
        hours = ceil(wait / HOUR)
        sentence = ngettext(
            "This discussion is in slow mode. You can post here again in an hour.",
            "This discussion is in slow mode. You can post here again in %(n)s hours.",
            hours,
        )
        return sentence % {"n": hours}
    if wait > 2 * MINUTE:
        minutes = ceil(wait / MINUTE)
        sentence = ngettext(
            "This discussion is in slow mode. You can post here again in a minute.",
            "This discussion is in slow mode. You can post here again in %(n)s minutes.",
            minutes,
        )
        return sentence % {"n": minutes}
    sentence = ngettext(
        "This discussion is in slow mode. You can post here again in a second.",
        "This discussion is in slow mode. You can post here again in %(n)s seconds.",
        wait,
    )
    return sentence % {"n": wait}
