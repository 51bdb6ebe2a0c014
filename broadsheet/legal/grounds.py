"""Why a comment waits further forward than others: notices and appeals (setting QUEUE_GROUNDS)."""

from __future__ import annotations

from collections.abc import Iterator

from broadsheet.discussion.models import Comment
from broadsheet.legal.models import Answer, Notice
from broadsheet.moderation.models import Queue
from broadsheet.moderation.urgency import HOUR, MOST, Ground

NOTICE = 24 * HOUR  # "in a timely, diligent, non-arbitrary and objective manner" (article 16(6))
FLAGGER = 36 * HOUR  # "with priority" (article 22(1))


def of(comment: Comment, queue: Queue) -> Iterator[Ground]:
    """The heaviest ground that the waiting notices about this comment give."""
    if queue != Queue.REPORTED:
        return
    waiting = Notice.objects.filter(comment=comment, answer=Answer.WAITING).values_list("is_danger", "flagger")
    rows = list(waiting[:50])
    if not rows:
        return
    if any(danger for danger, _ in rows):
        yield Ground("danger", MOST, {"count": len(rows)})
    elif any(flagger for _, flagger in rows):
        yield Ground("flagger", FLAGGER, {"count": len(rows)})
    else:
        yield Ground("notice", NOTICE, {"count": len(rows)})
