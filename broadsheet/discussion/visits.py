"""How far a signed-in reader has read a discussion, so that what is new since their last visit can be marked.

Only an element tells us of a visit, when the page is looked at and when it is left. Asking for a page writes nothing:
public pages come from the edge and from other people's caches, and a GET that wrote would note what a browser fetched
ahead. Whoever reads without JavaScript gets no marks, and is not watched for them.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.discussion.models import Status, Thread, Visit

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


def since_last_visit(reader: Reader, thread: Thread, now: datetime) -> dict[str, Any] | None:
    """When the reader's last visit ended, and what others have published since; None on the first."""
    visit = Visit.objects.filter(reader=reader, thread=thread.pk).first()
    if visit is None:
        return None
    is_over = now - visit.at >= PAUSE
    revision: int = visit.revision if is_over else visit.before
    moment: datetime | None = visit.at if is_over else visit.before_at
    if moment is None:
        return None
    # Whatever was published later was changed later too, so the index of revisions leads to it; respect and edits
    # change the revision as well, so the moment decides.
    later = thread.comments.filter(revision__gt=revision, published_at__gt=moment, status=Status.PUBLISHED)
    new = later.exclude(author=reader).order_by("-revision").values_list("pk", flat=True)[:MOST_NEW]
    return {"revision": revision, "at": moment.isoformat(), "new": sorted(new)}
