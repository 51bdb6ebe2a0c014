"""The desk's forms as a browser sends them."""

from __future__ import annotations

from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from broadsheet.stories.models import Story

HOME = "/desk/"
LIST = "/desk/stories/"
ADD = "/desk/stories/add/"
NAMES = "wagtailsnippets_stories_story"


def address(name, *args):
    return reverse(f"{NAMES}:{name}", args=args)


def form(*, action="", person=None, body=None, notices=(), initial_notices=0, related=(), credits=None, **facts):
    """A story as the editor's page posts it, complete unless told otherwise."""
    if credits is None:
        credits = [{"role": "reporting", "person": person.pk}] if person else []
    if body is None:
        body = [("paragraph", rich_text("<p>The mill closed on Friday.</p>"))]
    given = {
        "headline": "Mill closes after ninety years",
        "slug": "mill-closes",
        "kind": "story",
        "urgency": "5",
        "place": "HARLOW MILLS",
        "body": streamfield(body),
        "credits": inline_formset(credits),
        "related": inline_formset(list(related)),
        "notices": inline_formset(list(notices), initial=initial_notices),
    }
    data = nested_form_data({**given, **facts})
    return data | ({f"action-{action}": "1"} if action else {})


def latest():
    """The story that was last worked on, as it stands in the database."""
    return Story.objects.latest("pk")
