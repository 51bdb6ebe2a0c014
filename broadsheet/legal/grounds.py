"""Why a comment waits further forward than others: notices and appeals (setting QUEUE_GROUNDS)."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from broadsheet.core.language import number
from broadsheet.discussion.models import Comment
from broadsheet.legal.models import Answer, Notice
from broadsheet.moderation.grounds import Facts, says
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


@says("notice")
def _notice(facts: Facts) -> str:
    count = int(facts.get("count", 1))
    sentence = ngettext("%(n)s notice of illegal content", "%(n)s notices of illegal content", count)
    return sentence % {"n": number(count)}


@says("flagger")
def _flagger(facts: Facts) -> str:
    return _("A notice by a trusted flagger")


@says("danger")
def _danger(facts: Facts) -> str:
    return _("Danger to somebody’s life or safety")
