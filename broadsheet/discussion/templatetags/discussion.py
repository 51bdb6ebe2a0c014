"""What other apps' templates show of discussions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.http import Http404
from django.utils.safestring import SafeString

from broadsheet.core import clock
from broadsheet.delivery.freshness import Freshness
from broadsheet.delivery.tags import thread_tag
from broadsheet.discussion.fragments import branch_fragment, fragment
from broadsheet.discussion.models import Comment, Thread
from broadsheet.discussion.reading import NEWEST, OLDEST, Branch, Page, story_page, thread_of
from broadsheet.stories.models import Story

register = template.Library()


@register.inclusion_tag("discussion/_thread.html", takes_context=True)
def thread(context: template.Context, story: Story) -> dict[str, Any]:
    """The whole discussion under a story: counts, policy, state, comments, pages.

    Reads `thread_page` and `thread_order` from the context, and adds to its `freshness` what it depends on.
    Raises Http404 for a page that there is not.
    """
    now = clock.now()
    freshness: Freshness | None = context.get("freshness")
    if freshness and story.pk:
        freshness.look(thread_tag(story.pk))
    discussion = thread_of(story)
    if freshness:
        depend_on_clock(freshness, discussion, now)
    order = NEWEST if context.get("thread_order") == NEWEST else OLDEST
    page = story_page(discussion, _number(context.get("thread_page")), order)
    if page is None:
        raise Http404("The discussion has no such page.")
    return {
        **state(discussion, now),
        "page": page,
        "site_name": settings.SITE_NAME,
        "freshness": freshness,
    }


@register.simple_tag(takes_context=True)
def comment_counts(context: template.Context, stories: Iterable[Story]) -> dict[int, int]:
    """How many published comments each of these stories has, by its number; two queries for all of them."""
    numbers = [story.pk for story in stories]
    freshness: Freshness | None = context.get("freshness")
    if freshness:
        freshness.look(*map(thread_tag, numbers))
    return {**dict.fromkeys(numbers, 0), **dict(Thread.objects.filter(pk__in=numbers).values_list("pk", "published"))}


@register.simple_tag
def conversation(branch: Branch, open_now: bool, whole: bool = False) -> SafeString:
    """A comment with its replies as everybody gets them; `whole` on the conversation's own page."""
    return branch_fragment(branch, open_now=bool(open_now), whole=bool(whole))


@register.simple_tag
def comment_fragment(comment: Comment, open_now: bool) -> SafeString:
    """One comment as everybody gets it."""
    return fragment(comment, open_now=bool(open_now))


def state(discussion: Thread, now: datetime) -> dict[str, Any]:
    """What the templates of a discussion need to know besides its comments."""
    return {
        "thread": discussion,
        "story": discussion.story,
        "open": discussion.is_open(now),
        "closed": discussion.is_closed(now),
        "live_url": settings.LIVE_URL,
    }


@register.simple_tag
def order_link(story: Story, order: str) -> str:
    """The first page of the discussion in the other order."""
    return f"{story.get_absolute_url()}{'?order=newest' if order == NEWEST else ''}#comments"


@register.simple_tag
def page_link(page: Page, number: int) -> str:
    """Another numbered page of the same list, as an address relative to this page."""
    asked = {"page": str(number)} if number > 1 else {}
    if page.order == NEWEST:
        asked["order"] = NEWEST
    return f"?{urlencode(asked)}#comments"


def depend_on_clock(freshness: Freshness, discussion: Thread, now: datetime) -> None:
    """A page that shows a discussion changes by itself when it opens and when it closes."""
    freshness.until(*(moment for moment in (discussion.opening, discussion.closing) if moment and moment > now))


def _number(value: object) -> int:
    return value if isinstance(value, int) else 1
