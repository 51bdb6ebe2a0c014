"""A draft shown as readers would see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from broadsheet.core import clock
from broadsheet.delivery.freshness import Freshness
from broadsheet.stories.body import body_html
from broadsheet.stories.rules import lead_facts

if TYPE_CHECKING:
    from broadsheet.stories.models import Story


def show(story: Story, request: HttpRequest) -> HttpResponse:
    """Render the public story page from a draft, without saving it and without keeping the page."""
    from broadsheet.stories.views import story_context

    story.body_html = body_html(story)
    for name, words in lead_facts(story).items():
        setattr(story, name, words)
    story.published_at = story.published_at or clock.now()
    story.slug = story.slug or "draft"
    if not story.pk:
        story.pk = 0  # nothing has this number: a story being written has no discussion and no address yet
    freshness = Freshness()
    context = story_context(story, freshness, preview=True)
    response = render(request, "stories/story.html", {**context, "freshness": freshness})
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
