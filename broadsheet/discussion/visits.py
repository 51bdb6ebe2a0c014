"""How far a signed-in reader has read a discussion, so that what is new since their last visit can be marked.

Only an element tells us of a visit, when the page is looked at and when it is left. Asking for a page writes nothing:
public pages come from the edge and from other people's caches, and a GET that wrote would note what a browser fetched
ahead. Whoever reads without JavaScript is not watched: they have a page of what is new (`news`), and say there
themselves that they have read it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from broadsheet.accounts.models import Mute, Reader
from broadsheet.core import clock
from broadsheet.discussion.models import CommentQuerySet, Status, Thread, Visit

PAUSE = timedelta(minutes=30)  # who comes back sooner is still on the same visit: a reload takes no mark away
MOST_NEW = 500  # comments marked


def note_visit(*, reader: Reader, thread: Thread, revision: int) -> None:
    """A reader has seen the discussion up to that revision."""
    now = clock.now()
    with transaction.atomic():
        rows = Visit.objects.select_for_update().filter(reader=reader, thread=thread.pk)
        visit = rows.first()
        if visit is None:
            if Thread.objects.filter(pk=thread.pk).exists():
                Visit.objects.get_or_create(
                    reader=reader, thread_id=thread.pk, defaults={"revision": revision, "at": now}
                )
            return
        if now - visit.at >= PAUSE:
            visit.before, visit.before_at = visit.revision, visit.at
        visit.revision, visit.at = max(visit.revision, revision), now
        visit.save(update_fields=["revision", "before", "before_at", "at"])


def note_read(*, reader: Reader, thread: Thread, revision: int, at: datetime) -> None:
    """A reader says that they have read what was there at that moment: nothing of it is new to them any more."""
    facts = {"revision": revision, "before": revision, "at": at, "before_at": at}
    Visit.objects.update_or_create(reader=reader, thread_id=thread.pk, defaults=facts)


def since_last_visit(reader: Reader, thread: Thread, now: datetime) -> dict[str, Any] | None:
    """When the reader's last visit ended, and what others have published since; None on the first."""
    last = _last_visit(reader, thread, now)
    if last is None:
        return None
    revision, moment = last
    new = _later(reader, thread, revision, moment).order_by("-revision").values_list("pk", flat=True)[:MOST_NEW]
    return {"revision": revision, "at": moment.isoformat(), "new": sorted(new)}


def new_to(reader: Reader, thread: Thread, now: datetime) -> CommentQuerySet:
    """What others have published since the reader's last visit, or ever."""
    revision, moment = _last_visit(reader, thread, now) or (-1, thread.story.published_at or now)
    return _later(reader, thread, revision, moment)


def _last_visit(reader: Reader, thread: Thread, now: datetime) -> tuple[int, datetime] | None:
    """The revision and the moment at which it ended; None where there was none before the one under way."""
    visit = Visit.objects.filter(reader=reader, thread=thread.pk).first()
    if visit is None:
        return None
    is_over = now - visit.at >= PAUSE
    revision: int = visit.revision if is_over else visit.before
    moment: datetime | None = visit.at if is_over else visit.before_at
    return None if moment is None else (revision, moment)


def _later(reader: Reader, thread: Thread, revision: int, moment: datetime) -> CommentQuerySet:
    """What others have published later, but for those whom the reader has muted.

    Whatever was published later was changed later too, so the index of revisions leads to it; respect and edits change
    the revision as well, so the moment decides.
    """
    rows: CommentQuerySet = thread.comments.filter(
        revision__gt=revision, published_at__gt=moment, status=Status.PUBLISHED
    )
    return rows.exclude(author=reader).exclude(author__in=Mute.objects.filter(reader=reader).values("muted"))
