"""Removing what a banned reader wrote: shown beforehand, then done by a worker, a decision for each (bulks)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _

from broadsheet.accounts.models import Reader
from broadsheet.core.refusals import Stale
from broadsheet.discussion.models import Comment, CommentQuerySet, Status
from broadsheet.moderation import bulks
from broadsheet.moderation.people.models import Sanction
from broadsheet.stories.models import Section

LIVING = (Status.PUBLISHED, Status.PENDING)
STORIES_SHOWN = 10  # of a preview, those with the most comments


@dataclass(frozen=True)
class Extent:
    """Which comments a preview was about: so many, and none with a higher number than the last."""

    count: int
    last: int


@dataclass(frozen=True)
class Preview:
    """What would be removed, and under which stories."""

    extent: Extent
    published: int
    pending: int
    stories: list[tuple[str, int]]
    more: int  # further stories


def preview(reader: Reader, section: Section | None) -> Preview:
    """What a ban with removal would take away, counted now."""
    living = _living(reader, section)
    sums = living.aggregate(
        published=Count("pk", filter=Q(status=Status.PUBLISHED)),
        pending=Count("pk", filter=Q(status=Status.PENDING)),
        last=Max("pk"),
    )
    stories = living.values_list("thread", "thread__story__headline").annotate(count=Count("pk"))
    shown = [(headline, count) for _pk, headline, count in stories.order_by("-count", "thread")]
    count = sums["published"] + sums["pending"]
    return Preview(
        Extent(count, sums["last"] or 0),
        sums["published"],
        sums["pending"],
        shown[:STORIES_SHOWN],
        max(0, len(shown) - STORIES_SHOWN),
    )


def begin(made: Sanction, extent: Extent) -> None:
    """Have what the preview showed removed by a worker, inside the sanction's transaction.

    Raises Stale when there are other comments by now than the preview counted: nobody removes what they have not seen.
    """
    assert made.reader is not None  # it has just been made for somebody
    rows = _living(made.reader, made.section).filter(pk__lte=extent.last).order_by("pk")
    found = list(rows.values_list("pk", flat=True))
    if len(found) != extent.count:
        raise Stale(_("These are not the comments you saw any more. Nothing was done; please look at them again."))
    for start in range(0, len(found), bulks.MOST):
        bulk = bulks.prepare(
            moderator=made.by,
            comments=found[start : start + bulks.MOST],
            after=Status.REJECTED,
            reason=made.reason,
            told=made.told,
            note=made.note,
        )
        if bulk.comments:  # a colleague may hold the last of them
            bulks.start(moderator=made.by, bulk=bulk)


def _living(reader: Reader, section: Section | None) -> CommentQuerySet:
    rows = Comment.objects.filter(author=reader, status__in=LIVING)
    return rows.filter(thread__story__section=section) if section else rows
