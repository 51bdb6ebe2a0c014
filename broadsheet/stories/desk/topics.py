"""Topics on the desk: which stories carry one is counted here, for Wagtail's index of references sees no such field."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.admin.widgets.button import Button
from wagtail.snippets.bulk_actions.delete import DeleteBulkAction
from wagtail.snippets.views import snippets

from broadsheet.stories.desk.story_views import NAMES, StoryStatusColumn
from broadsheet.stories.models import Story, Topic
from broadsheet.stories.status import with_workflow


def _desk_address(story: Story) -> str:
    return reverse(f"{NAMES}:edit", args=[story.pk])


class Carried:
    """On how many stories a topic stands, as Wagtail asks before it deletes; on one is enough to keep it."""

    def __init__(self, topic: Topic) -> None:
        self._count = Story.objects.filter(topics=topic).count()
        self.is_protected = self._count > 0

    def count(self) -> int:
        """On how many stories, drafts and withdrawn ones too."""
        return self._count


class TopicEditView(snippets.EditView):
    """A topic, with the way to the stories that carry it instead of a count that would always be 0."""

    def get_usage_url(self) -> None:
        return None

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        address = reverse(self.usage_url_name, args=[self.object.pk])
        return [*super().header_more_buttons, Button(gettext("Stories"), url=address, icon_name="doc-full", priority=5)]


class TopicDeleteView(snippets.DeleteView):
    """A topic that no story carries may be deleted."""

    def get_usage(self) -> Carried:
        return Carried(self.object)


class TopicUsageView(snippets.UsageView):
    """The stories that carry a topic."""

    def get_queryset(self) -> Any:
        return with_workflow(Story.objects.filter(topics=self.object).order_by("-pk"))

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn("headline", label=gettext("Headline"), get_url=_desk_address),
            StoryStatusColumn(),
        ]

    def get_table(self, object_list: Any, **kwargs: Any) -> Any:
        return BaseListingView.get_table(self, object_list, **kwargs)


class DeleteTopics(DeleteBulkAction):
    """The same for several topics at once."""

    models = [Topic]

    def annotate_items(self, items: list[Topic]) -> list[Topic]:
        found: list[Topic] = super().annotate_items(items)
        for topic in found:
            vars(topic)["_usage_references"] = Carried(topic)
        self.is_protected = any(vars(topic)["_usage_references"].is_protected for topic in found)
        return found
