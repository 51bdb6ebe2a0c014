"""Comments that other scorers are to be asked about (setting DISCUSSION_LISTENERS)."""

from __future__ import annotations

from broadsheet.core import clock
from broadsheet.discussion.happenings import Happening, Kind
from broadsheet.scores import asking
from broadsheet.scores.backends import sending
from broadsheet.scores.backends.models import Backend, OtherScore
from broadsheet.scores.late import OF_THE_PAPER


def heard(happening: Happening) -> None:
    """Ask about what was posted or edited, when their turn comes; staff's words are sent nowhere."""
    comment = happening.comment
    if happening.kind not in {Kind.POSTED, Kind.EDITED} or not asking.is_on():
        return
    OtherScore.objects.filter(comment=comment).delete()  # of other words
    if comment.badge in OF_THE_PAPER or len(comment.body) > sending.LONGEST:
        return
    now = clock.now()
    OtherScore.objects.bulk_create(
        OtherScore(backend_id=pk, comment=comment, asked_at=now, due_at=now)
        for pk in Backend.objects.filter(is_on=True).values_list("pk", flat=True)
    )
