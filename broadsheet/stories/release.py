"""What happens to a story in the moment it is released. Every road to publication passes `prepare`."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from broadsheet.core.refusals import Unacceptable
from broadsheet.stories.body import body_html
from broadsheet.stories.rules import has_been_public, lead_facts, missing_for_publication, not_yet

if TYPE_CHECKING:
    from broadsheet.stories.models import Story

MOMENT_OF = {
    "correction": "corrected_at",
    "clarification": "corrected_at",
    "update": "updated_at",
    "withdrawal": "withdrawn_at",
}


def prepare(story: Story, before: Story, now: datetime) -> None:
    """Make a revision fit to replace `before`, the story as it stands, or refuse with what is missing.

    Fills the moment of publication, the body's HTML, the lead picture's printed facts and the notices' dates.
    Raises Unacceptable.
    """
    keep_notices(story, before)
    if missing := missing_for_publication(story):
        raise Unacceptable(not_yet(missing))
    if not story.go_live_at or story.go_live_at <= now:
        story.published_at = story.published_at or now
    if has_been_public(before, now):
        story.published_at = before.published_at  # known to readers, and what the discussion's clock counts from
    for name, words in lead_facts(story, before).items():
        setattr(story, name, words)
    story.body_html = body_html(story)
    date_notices(story, before, now)


def keep_notices(story: Story, before: Story) -> None:
    """Put back the published notices that this revision does not know or has lost: a notice stays on its story."""
    known = {notice.pk for notice in story.notices.all()}
    story.notices.add(*(notice for notice in before.notices.all() if before.live and notice.pk not in known))


def shown_from(story: Story, now: datetime) -> datetime | None:
    """From when readers see what is released now: an embargo's end if there is one; None while a schedule holds it."""
    if story.go_live_at and story.go_live_at > now:
        return None
    return max(now, story.published_at or now)


def date_notices(story: Story, before: Story, now: datetime) -> None:
    """Date the notices that nobody dated by the moment readers see them; the story's own moments are what they say.

    A notice that readers know keeps its date; one under embargo follows the embargo. A moment that no notice ever
    explained (a row made by a program) stays as it was.
    """
    public, moment = has_been_public(before, now), shown_from(story, now)
    dates = {notice.pk: notice.made_at for notice in before.notices.all()} if public else {}
    for notice in story.notices.all():
        if before.live and not public and notice.made_at == before.published_at:
            notice.made_at = None
        notice.made_at = notice.made_at or dates.get(notice.pk) or moment
    moments, explained = _moments(story), _moments(before)
    for name, pick in (("corrected_at", max), ("updated_at", max), ("withdrawn_at", min)):
        kept = None if explained[name] else getattr(before, name)
        setattr(story, name, pick(moments[name], default=kept))


def _moments(story: Story) -> dict[str, list[datetime]]:
    found: dict[str, list[datetime]] = {"corrected_at": [], "updated_at": [], "withdrawn_at": []}
    for notice in story.notices.all():
        if notice.made_at:
            found[MOMENT_OF[notice.kind]].append(notice.made_at)
    return found
