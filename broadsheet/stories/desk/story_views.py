"""The desk's views of stories, where a newsroom needs more than Wagtail's: the list, and refusals while publishing."""

from __future__ import annotations

from itertools import chain
from typing import Any

import django_filters
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.side_panels import ChecksSidePanel
from wagtail.admin.ui.tables import Column, StatusTagColumn, UpdatedAtColumn
from wagtail.admin.utils import get_latest_str
from wagtail.snippets.views import snippets

from broadsheet.core import clock
from broadsheet.core.language import comma_list
from broadsheet.core.refusals import Refused
from broadsheet.stories.models import Section, Story
from broadsheet.stories.rules import doubt_the_moment, why_not_delete
from broadsheet.stories.status import Status, of_status, status_of, status_words

NAMES = "wagtailsnippets_stories_story"  # of the addresses of the desk's views of stories
PRIMARY = {Status.LIVE, Status.CORRECTED, Status.EMBARGOED}  # shown as a filled tag


class StoryFilters(WagtailFilterSet):
    """Narrow the list down to what a desk works through."""

    status = django_filters.MultipleChoiceFilter(
        choices=Status.choices, method="by_status", widget=forms.CheckboxSelectMultiple, label=_("Status")
    )
    section = django_filters.ModelMultipleChoiceFilter(
        queryset=Section.objects.all(), widget=forms.CheckboxSelectMultiple, label=_("Section")
    )
    kind = django_filters.MultipleChoiceFilter(
        choices=Story.Kind.choices, widget=forms.CheckboxSelectMultiple, label=_("Kind")
    )

    class Meta:
        model = Story
        fields = ["status", "section", "kind"]

    def by_status(self, stories: Any, name: str, wanted: list[str]) -> Any:
        return of_status(stories, wanted) if wanted else stories


class StoryStatusColumn(StatusTagColumn):
    """The story's status in our words."""

    def __init__(self) -> None:
        super().__init__(
            "status", label=_("Status"), accessor=status_words, primary=lambda story: status_of(story) in PRIMARY
        )


def names(story: Story) -> str:
    """Who is credited, for a line of the list."""
    return comma_list(dict.fromkeys(credit.person.name for credit in story.credits.all()))


def publication(story: Story) -> str:
    """The moment of publication, for a line of the list; a draft's own wish is not shown as if it were one."""
    return clock.story_moment(story.published_at) if story.live and story.published_at else ""


class StoryIndexView(snippets.IndexView):
    """Every story, what was touched last on top."""

    default_ordering = "-_updated_at"

    @cached_property
    def columns(self) -> list[Column]:
        return [
            self._get_title_column("__str__", width="40%"),
            StoryStatusColumn(),
            Column("section", label=_("Section"), sort_key="section__name"),
            Column("credits", label=pgettext_lazy("the people credited for a story", "By"), accessor=names),
            Column("published_at", label=_("Published"), accessor=publication, sort_key="published_at", width="14%"),
            UpdatedAtColumn(),
        ]


class Publishes:
    """Asks, before anything is saved, whether what is about to be published may be; tells what became of it."""

    def is_valid(self, form: Any) -> bool:
        if not super().is_valid(form):  # type: ignore[misc]
            return False
        if not self._publishes or not (missing := form.lacks_for_publication()):
            return True
        self.produced_error_code = "validation_error"
        self.produced_error_message = " ".join([gettext("The story was not published."), *missing])
        return False

    @cached_property
    def _publishes(self) -> bool:
        """Asked before the action, which may end the workflow, and remembered for what is told after it."""
        view: Any = self
        if view.action != "workflow-action":
            return bool(view.action == "publish")
        return bool(view.workflow_action == "approve" and view.workflow_state.is_at_final_task)

    @cached_property
    def _published(self) -> Story | None:
        """The story as readers have it after it was published here; None where nothing was, or only scheduled."""
        view: Any = self
        released = Story.objects.filter(pk=view.object.pk, live=True, go_live_at=None)
        return released.first() if self._publishes else None

    def get_success_message(self, instance: Story | None = None) -> Any:
        view: Any = self
        story = self._published
        if story and story.withdrawn_at:
            sentence = gettext("“%(headline)s” is withdrawn: only its notice is shown.")
        elif story and story.published_at and not story.is_public():
            sentence = gettext("“%(headline)s” will be public from %(moment)s.")
        elif view.action == "submit" and (task := Story.objects.get(pk=view.object.pk).current_workflow_task):
            sentence = gettext("“%(title)s” is submitted and waits for: %(task)s")
            return sentence % {"title": get_latest_str(view.object), "task": task.name}
        else:
            return super().get_success_message(instance)  # type: ignore[misc]
        moment = clock.story_moment(story.published_at) if story.published_at else ""
        return sentence % {"headline": story.headline, "moment": moment}

    def get_error_message(self) -> Any:
        """Marked for the desk's script, which takes it away when the story has been saved by itself since."""
        view: Any = self
        sentence = super().get_error_message()  # type: ignore[misc]
        return sentence if view.expects_json_response else format_html("<span data-until-saved>{}</span>", sentence)

    def get_success_buttons(self) -> list[Any]:
        buttons: list[Any] = super().get_success_buttons()  # type: ignore[misc]
        story = self._published
        if story and story.is_public():
            buttons.append(messages.button(story.get_absolute_url(), gettext("See it in the paper")))
        return buttons

    def get_side_panels(self) -> Any:
        panels = super().get_side_panels()  # type: ignore[misc]
        return type(panels)(panel for panel in panels if not isinstance(panel, ChecksSidePanel))


class StoryCreateView(Publishes, snippets.CreateView):
    """A new story."""


class StoryCopyView(Publishes, snippets.CopyView):
    """A new story that begins as a copy."""


class StoryEditView(Publishes, snippets.EditView):
    """A story being edited."""

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        """What the list offers beside a story is offered on its own page as well."""
        added = [hook(self.object, self.request.user) for hook in hooks.get_hooks("register_snippet_listing_buttons")]
        return [*super().header_more_buttons, *chain(*added)]


class StoryDeleteView(snippets.DeleteView):
    """Drafts may be deleted; what readers have seen is withdrawn."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if reason := why_not_delete(self.object):
            messages.error(request, reason)
            return redirect(f"{NAMES}:edit", self.object.pk)
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response


class Waits:
    """What is told where a colleague was first; in Wagtail's words such a story awaited moderation."""

    def add_not_in_moderation_error(self) -> None:
        view: Any = self
        sentence = gettext("“%(title)s” waits for nobody's approval any more.")
        messages.error(view.request, sentence % {"title": get_latest_str(view.object)})


class StoryCollectView(Waits, snippets.CollectWorkflowActionDataView):
    """The comment that goes with an approval or a request for changes."""


class StoryWorkflowActionView(Waits, snippets.WorkflowActionView):
    """Approval outside the editor: a refusal is told on the page one returns to, a question asked in the editor."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            self._ask_in_the_editor()
            response: HttpResponse = super().post(request, *args, **kwargs)
        except Refused as refusal:
            messages.error(request, refusal.sentence)
            if request.headers.get("x-requested-with") != "XMLHttpRequest":
                return redirect(self.redirect_url)
            response = self.render_modal_json(request, {"step": "success", "redirect": self.redirect_url})
        return response

    def _ask_in_the_editor(self) -> None:
        if self.action_name != "approve" or not self.object.current_workflow_state.is_at_final_task:
            return
        if doubt := doubt_the_moment(self.task_state.revision.as_object(), self.object):
            self.redirect_url = reverse(f"{NAMES}:edit", args=[self.object.pk])
            raise Refused(doubt)
