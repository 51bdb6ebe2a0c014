"""The desk's first page: what waits, and for whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from laces.components import Component

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.core.language import comma_list
from broadsheet.stories.models import Story, StoryQuerySet
from broadsheet.stories.rules import may_publish
from broadsheet.stories.status import Status, of_status, status_words, with_workflow

SHOWN = 8  # lines of a list on the first page; the rest is one click away


class Waiting(Component):
    """One list of stories at the same point of their life."""

    template_name = "stories/desk/waiting.html"
    order = 0  # Wagtail sorts its first page by this

    def __init__(self, heading: str, empty: str, stories: StoryQuerySet, status: Status) -> None:
        self.heading, self.empty, self.stories, self.status = heading, empty, stories, status

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        rows = list(
            with_workflow(self.stories)
            .select_related("section", "latest_revision")
            .prefetch_related("credits__person")[: SHOWN + 1]
        )
        now, list_url = clock.now(), reverse("wagtailsnippets_stories_story:list")
        return {
            "heading": self.heading,
            "empty": self.empty,
            "lines": [
                {
                    "story": story,
                    "title": _title(story),
                    "status": status_words(story, now),
                    "names": comma_list(credit.person.name for credit in story.credits.all()),
                }
                for story in rows[:SHOWN]
            ],
            "more": f"{list_url}?status={self.status}" if len(rows) > SHOWN else "",
            "slug": self.status,
        }


def _title(story: Story) -> str:
    return (story.latest_revision.object_str if story.latest_revision else "") or story.headline


def first_page(request: HttpRequest) -> list[Component]:
    """What this person may have to do, the most pressing first."""
    person = request.user
    assert isinstance(person, Reader)  # Wagtail lets nobody else in
    stories, now = Story.objects.all(), clock.now()
    own = of_status(stories, [Status.DRAFT], now).filter(latest_revision__user=person)
    drafts = Waiting(
        _("Your drafts"), _("You have no draft."), own.order_by("-latest_revision__created_at"), Status.DRAFT
    )
    submitted = of_status(stories, [Status.SUBMITTED, Status.COPY], now).order_by("pk")
    ready = of_status(stories, [Status.READY], now).order_by("pk")
    embargoed = of_status(stories, [Status.EMBARGOED], now).order_by("published_at")
    desk = [
        Waiting(_("Waiting for copy"), _("Nothing waits for the copy desk."), submitted, Status.SUBMITTED),
        Waiting(_("Ready to publish"), _("Nothing waits to be published."), ready, Status.READY),
        Waiting(_("Under embargo"), _("No story is under embargo."), embargoed, Status.EMBARGOED),
    ]
    lists = [*desk, drafts] if may_publish(person) else [drafts, *desk]
    published = stories.public(now).order_by("-published_at")
    lists.append(Waiting(_("Last published"), _("Nothing has been published yet."), published, Status.LIVE))
    for place, waiting in enumerate(lists):
        waiting.order = place
    return lists
