"""What the desk edits: stories, and the lists they are filed under."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import SnippetViewSet

from broadsheet.core.language import duration
from broadsheet.stories.desk import story_views, topics
from broadsheet.stories.desk.bylines import PersonForm
from broadsheet.stories.desk.panels import STORY_DESK, named
from broadsheet.stories.models import Person, Section, Story, StoryQuerySet, Topic
from broadsheet.stories.status import with_workflow


class StoryViewSet(SnippetViewSet):
    model = Story
    base_url_path = "stories"
    icon = "doc-full"
    menu_label = _("Stories")
    menu_name = "stories"
    menu_order = 100
    add_to_admin_menu = True
    edit_handler = STORY_DESK
    filterset_class = story_views.StoryFilters
    list_per_page = 30
    copy_view_enabled = False
    index_view_class = story_views.StoryIndexView
    add_view_class = story_views.StoryCreateView
    copy_view_class = story_views.StoryCopyView
    edit_view_class = story_views.StoryEditView
    delete_view_class = story_views.StoryDeleteView
    workflow_action_view_class = story_views.StoryWorkflowActionView
    collect_workflow_action_data_view_class = story_views.StoryCollectView

    def get_queryset(self, request: HttpRequest) -> StoryQuerySet:
        return with_workflow(Story.objects.select_related("section").prefetch_related("credits__person"))


class TopicViewSet(SnippetViewSet):
    model = Topic
    base_url_path = "topics"
    icon = "tag"
    menu_name = "topics"
    menu_order = 310
    add_to_admin_menu = True
    copy_view_enabled = False
    list_display = ["name", "description"]
    search_fields = ["name"]
    edit_handler = named(FieldPanel("description"))
    edit_view_class = topics.TopicEditView
    delete_view_class = topics.TopicDeleteView
    usage_view_class = topics.TopicUsageView


class PersonViewSet(SnippetViewSet):
    model = Person
    base_url_path = "people"
    icon = "user"
    menu_label = _("Bylines")
    menu_name = "bylines"
    menu_order = 320
    add_to_admin_menu = True
    copy_view_enabled = False
    list_display = ["name", "job"]
    search_fields = ["name", "job"]
    edit_handler = named(FieldPanel("job"), FieldPanel("account"), FieldPanel("biography"), form=PersonForm)


def open_for(section: Section) -> str:
    """How long its discussions stay open, for a line of the list."""
    period = section.comments_open_for
    return gettext("the newsroom's period") if period is None else duration(period)


class SectionViewSet(SnippetViewSet):
    model = Section
    base_url_path = "sections"
    icon = "list-ul"
    menu_name = "sections"
    menu_order = 330
    add_to_admin_menu = True
    copy_view_enabled = False
    list_display = ["name", Column("open_for", label=_("Discussions stay open for"), accessor=open_for), "position"]
    search_fields = ["name"]
    edit_handler = named(
        FieldPanel("description"), FieldRowPanel([FieldPanel("position"), FieldPanel("comments_open_for")])
    )
