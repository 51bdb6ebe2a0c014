"""Lists of stories: the front's order, and pages that cost the same however long the list is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Q

from broadsheet.stories.furniture import LISTED, stories_in_order
from broadsheet.stories.models import Section, Story

STORIES_PER_PAGE = 20
NEWEST = 40  # how far down the newest stories the front looks for its lead
BESIDE = 3  # stories beside the lead
LATEST = 6
SECTION_STORIES = 4
FEATURES_SHOWN = 3
STEP = timedelta(days=1)  # one step of urgency outlasts a day: an urgent story of yesterday still leads today's routine

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CURSOR = re.compile(r"(\d{1,17})-(\d{1,15})", re.ASCII)


@dataclass
class StoryList:
    """One page of a list, and where the next begins."""

    stories: list[Story]
    next_page: str = ""
    is_first: bool = True


def one_page(stories: Any, cursor: str, *, most: int = STORIES_PER_PAGE) -> StoryList | None:
    """The newest stories, or those after a cursor of ours; None for a cursor that is none."""
    after = Q()
    if cursor:
        found = _CURSOR.fullmatch(cursor)
        if found is None:
            return None
        try:
            moment = _EPOCH + timedelta(microseconds=int(found[1]))
        except OverflowError:
            return None
        after = Q(published_at__lte=moment) & ~Q(published_at=moment, pk__gte=int(found[2]))
    rows = list(
        stories.filter(after)
        .select_related("section", "lead_picture")
        .defer(*LISTED)
        .order_by("-published_at", "-pk")[: most + 1]
    )
    more = _cursor_after(rows[most - 1]) if len(rows) > most else ""
    return StoryList(rows[:most], more, not cursor)


def _cursor_after(story: Story) -> str:
    return f"{(_published(story) - _EPOCH) // timedelta(microseconds=1)}-{story.pk}"


def _published(story: Story) -> datetime:
    """A public story's moment of publication: it has one, as `public` asks for it."""
    return story.published_at or _EPOCH


@dataclass
class FrontPage:
    """What stands where on the front."""

    lead: Story | None
    beside: list[Story]
    latest: list[Story]
    features: list[Story]
    sections: list[tuple[Section, list[Story]]]

    @property
    def stories(self) -> list[Story]:
        """Every story on the page."""
        top = [self.lead] if self.lead else []
        return [*top, *self.beside, *self.latest, *self.features, *(one for _, rest in self.sections for one in rest)]


def front_page(now: datetime) -> FrontPage:
    """The front: led by urgency, a story losing one step of it with each day; three queries and the sections."""
    newest = list(_of_kind(Story.Kind.STORY, now)[:NEWEST])
    ranked = sorted(newest, key=lambda story: (_published(story) - story.urgency * STEP, story.pk), reverse=True)
    top = ranked[: 1 + BESIDE]
    shown = {story.pk for story in top}
    latest = [story for story in newest if story.pk not in shown][:LATEST]
    return FrontPage(
        lead=top[0] if top else None,
        beside=top[1:],
        latest=latest,
        features=list(_of_kind(Story.Kind.FEATURE, now)[:FEATURES_SHOWN]),
        sections=_by_section(now, shown),
    )


def _of_kind(kind: str, now: datetime) -> Any:
    rows = Story.objects.public(now).filter(kind=kind).select_related("section", "lead_picture")
    return rows.defer(*LISTED).order_by("-published_at", "-pk")


def _by_section(now: datetime, shown: set[int]) -> list[tuple[Section, list[Story]]]:
    """Each section's newest stories that do not stand at the top already; a section without any is left out."""
    sections = list(Section.objects.all())
    if not sections:
        return []
    most = SECTION_STORIES + len(shown)
    newest = Story.objects.public(now).filter(kind=Story.Kind.STORY).order_by("-published_at", "-pk").values("pk")
    arms = [
        Story.objects.filter(pk__in=newest.filter(section=section)[:most]).order_by().values_list("pk", "section_id")
        for section in sections
    ]
    found = arms[0].union(*arms[1:], all=True) if len(arms) > 1 else arms[0]
    stories = stories_in_order((pk for pk, _ in found if pk not in shown), now)
    stories.sort(key=lambda story: (_published(story), story.pk), reverse=True)
    bands = [(one, [story for story in stories if story.section_id == one.pk][:SECTION_STORIES]) for one in sections]
    return [(section, rows) for section, rows in bands if rows]
