"""Where a story stands, in the newsroom's own words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.db.models import Prefetch, Q, TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.models import WorkflowState

from broadsheet.core import clock
from broadsheet.stories.groups import COPY_DESK
from broadsheet.stories.models import Story

if TYPE_CHECKING:
    from broadsheet.stories.models import StoryQuerySet


class Status(TextChoices):
    """A story's life, in order."""

    DRAFT = "draft", gettext_lazy("Draft")
    SUBMITTED = "submitted", gettext_lazy("Submitted")
    COPY = "copy", gettext_lazy("In copy")
    READY = "ready", gettext_lazy("Ready")
    EMBARGOED = "embargoed", gettext_lazy("Embargoed")
    LIVE = "live", pgettext_lazy("a story that readers can see", "Live")
    CORRECTED = "corrected", gettext_lazy("Corrected")
    WITHDRAWN = "withdrawn", gettext_lazy("Withdrawn")


def with_workflow(stories: StoryQuerySet) -> StoryQuerySet:
    """Stories that know their place in the workflow without a query each."""
    states = WorkflowState.objects.active().select_related("current_task_state__task")
    found: StoryQuerySet = stories.prefetch_related(
        Prefetch("_workflow_states", queryset=states, to_attr="_current_workflow_states")
    )
    return found


def status_of(story: Story, now: datetime | None = None) -> Status:
    """The one word for where a story stands for its readers, or on its way to them."""
    if not story.live:
        return _on_the_way(story) or Status.DRAFT
    if story.withdrawn_at:
        return Status.WITHDRAWN
    if story.published_at is None or story.published_at > (now or clock.now()):
        return Status.EMBARGOED
    return Status.CORRECTED if story.corrected_at else Status.LIVE


def status_words(story: Story, now: datetime | None = None) -> str:
    """The same with what a colleague needs to know besides: until when, and what waits behind a live story."""
    status = status_of(story, now)
    words = str(status.label)
    if status is Status.EMBARGOED and story.published_at:
        words = _("Embargoed until %(moment)s") % {"moment": clock.story_moment(story.published_at)}
    if status is Status.DRAFT and _sent_back(story):
        words = _("Draft, changes asked for")
    if story.live:
        if step := _on_the_way(story):
            return str(CHANGES[step]) % {"status": words}
        if story.has_unpublished_changes:
            return _("%(status)s; unpublished changes") % {"status": words}
    return words


# A live story with a draft behind it that is on its way through the workflow.
CHANGES = {
    Status.SUBMITTED: gettext_lazy("%(status)s; changes submitted"),
    Status.COPY: gettext_lazy("%(status)s; changes in copy"),
    Status.READY: gettext_lazy("%(status)s; changes ready"),
}


def _on_the_way(story: Story) -> Status | None:
    """The step of the workflow: submitted until somebody of the copy desk takes it, then in copy, then ready."""
    state = story.current_workflow_state
    if state is None or state.status != WorkflowState.STATUS_IN_PROGRESS or state.current_task_state is None:
        return None
    step = state.current_task_state
    if step.task.name != COPY_DESK:
        return Status.READY
    taken = story.locked or step.revision_id != story.latest_revision_id
    return Status.COPY if taken else Status.SUBMITTED


def _sent_back(story: Story) -> bool:
    state = story.current_workflow_state
    return state is not None and state.status == WorkflowState.STATUS_NEEDS_CHANGES


def of_status(stories: StoryQuerySet, wanted: Iterable[str], now: datetime | None = None) -> StoryQuerySet:
    """Those of the stories that stand at one of these points."""
    moment, asked = now or clock.now(), {Status(word) for word in wanted}
    chosen = Q(pk__in=[])
    for status, rule in _for_readers(moment).items():
        if status in asked:
            chosen |= rule
    if asked & {Status.DRAFT, Status.SUBMITTED, Status.COPY, Status.READY}:
        moving = {story.pk: status_of(story, moment) for story in _moving()}
        chosen |= Q(pk__in=[pk for pk, status in moving.items() if status in asked], live=False)
        if Status.DRAFT in asked:
            chosen |= Q(live=False) & ~Q(pk__in=[pk for pk, status in moving.items() if status is not Status.DRAFT])
    found: StoryQuerySet = stories.filter(chosen)
    return found


def _for_readers(moment: datetime) -> dict[Status, Q]:
    public = Q(live=True, withdrawn_at__isnull=True, published_at__lte=moment)
    return {
        Status.WITHDRAWN: Q(live=True, withdrawn_at__isnull=False),
        Status.EMBARGOED: Q(live=True, withdrawn_at__isnull=True) & ~Q(published_at__lte=moment),
        Status.CORRECTED: public & Q(corrected_at__isnull=False),
        Status.LIVE: public & Q(corrected_at__isnull=True),
    }


def _moving() -> StoryQuerySet:
    """The stories under way in the workflow; few, whatever the archive holds."""
    stories = ContentType.objects.get_for_model(Story, for_concrete_model=False)
    active = WorkflowState.objects.active().filter(base_content_type=stories)
    return with_workflow(Story.objects.filter(pk__in=[int(pk) for pk in active.values_list("object_id", flat=True)]))
