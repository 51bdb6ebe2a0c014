"""What other apps' templates show of discussions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.http import Http404
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from broadsheet.core import clock
from broadsheet.core.language import with_html
from broadsheet.delivery.freshness import Freshness
from broadsheet.delivery.tags import HOURS, respects_tag, thread_tag
from broadsheet.discussion import desk_hours, modes, orders, pace
from broadsheet.discussion.corrected import correction_after, mark, milliseconds, written
from broadsheet.discussion.fragments import branch_fragment, fragment
from broadsheet.discussion.models import Comment, Thread
from broadsheet.discussion.reading import Branch, Page, thread_of
from broadsheet.stories.models import Story

register = template.Library()


@register.inclusion_tag("discussion/_thread.html", takes_context=True)
def thread(context: template.Context, story: Story) -> dict[str, Any]:
    """The whole discussion under a story: counts, policy, state, comments, pages.

    Reads `asked` from the context (the page's query: order, view, page, after), and adds to its `freshness` what it
    depends on. Raises Http404 for a page that there is not.
    """
    now = clock.now()
    freshness: Freshness | None = context.get("freshness")
    if freshness and story.pk:
        freshness.look(thread_tag(story.pk), respects_tag(story.pk), HOURS)
    discussion = thread_of(story)
    if freshness:
        depend_on_clock(freshness, discussion, now)
    asked = orders.read(context.get("asked") or {}, discussion)
    page = orders.page_of(discussion, asked) if asked else None
    if page is None:
        raise Http404(gettext("The discussion has no such page."))
    return {
        **state(discussion, now),
        "page": page,
        "orders": orders.ORDERS.items(),
        "order_name": orders.ORDERS[page.order],
        "views": orders.views_of(discussion, page.view),
        "site_name": settings.SITE_NAME,
        "freshness": freshness,
    }


@register.inclusion_tag("discussion/_to_discussion.html")
def to_discussion(story: Story) -> dict[str, Any]:
    """The way from the head of a story's page to the discussion that `thread` shows on it; no query of its own."""
    discussion = thread_of(story)
    return {"thread": discussion, "unused": discussion.is_unused(clock.now())}


@register.simple_tag(takes_context=True)
def comment_counts(context: template.Context, stories: Iterable[Story]) -> dict[int, modes.Tally]:
    """How many comments, questions or reviews each of these stories has, by its number; two queries for all of them."""
    numbers = [story.pk for story in stories]
    freshness: Freshness | None = context.get("freshness")
    if freshness:
        freshness.look(*map(thread_tag, numbers))
    known = Thread.objects.filter(pk__in=numbers).only("mode", "published", "started", "ratings")
    return {**dict.fromkeys(numbers, modes.Tally()), **{thread.pk: modes.tally_of(thread) for thread in known}}


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
        "open": discussion.is_running(now),
        "closed": discussion.is_closed(now),
        "unused": discussion.is_unused(now),
        "shut": discussion.is_shut(now),
        "until": desk_hours.closing(discussion, now),
        "hours": desk_hours.sentence(discussion, now),
        "slow": pace.slow_sentence(discussion),
        "live_url": settings.LIVE_URL,
    }


@register.simple_tag
def wrote(comment: Comment, is_linked: bool) -> SafeString:
    """Who wrote a comment: the head of it."""
    name: str = comment.public_name
    if is_linked and (address := _reader_address(comment)):
        name = format_html('<a href="{}">{}</a>', address, name)
    # Translators: stands above the words of a comment: "Ruth Reader wrote:"
    return with_html(gettext("%(name)s wrote:"), name=format_html('<b dir="auto">{}</b>', name))


def _reader_address(comment: Comment) -> str:
    try:
        return reverse("reader", args=[comment.author_id])
    except NoReverseMatch:
        return ""


@register.simple_tag
def in_reply_to(answered: Comment) -> SafeString:
    """Whom a comment answers."""
    if not answered.is_public:
        return with_html(gettext("In reply to a comment that is gone"))
    return with_html(gettext("In reply to %(name)s"), name=format_html("<bdi>{}</bdi>", answered.public_name))


@register.simple_tag
def written_before(comment: Comment) -> str:
    """That a public comment is older than a correction of its story; nothing for every other."""
    correction = correction_after(comment) if comment.is_public else None
    return mark(correction) if correction else ""


@register.filter
def written_at(comment: Comment) -> int:
    """When a comment got the words it has, as scripts compare it."""
    return milliseconds(written(comment))


@register.simple_tag
def order_link(story: Story, order: str) -> str:
    """The first page of the discussion in that order."""
    query = "" if order == settings.COMMENTS_ORDER else f"?order={order}"
    return f"{story.get_absolute_url()}{query}#comments"


@register.simple_tag
def view_link(story: Story, view: str) -> str:
    """The first page of a view of the discussion."""
    return f"{story.get_absolute_url()}?view={view}#comments"


@register.simple_tag
def page_link(page: Page, number: int) -> str:
    """Another numbered page of the same list, as an address relative to this page."""
    asked = {"page": str(number)} if number > 1 else {}
    return f"?{urlencode({**_same(page), **asked})}#comments"


@register.simple_tag
def further_link(page: Page) -> str:
    """The page that goes on where this one ends."""
    return f"?{urlencode({**_same(page), 'after': page.further})}#comments"


@register.simple_tag
def first_link(page: Page) -> str:
    """The first page of the same list."""
    return f"?{urlencode(_same(page))}#comments"


def _same(page: Page) -> dict[str, str]:
    """What names this list in an address; nothing for a conversation, or the order the discussion opens in."""
    if page.view:
        return {"view": page.view}
    return {"order": page.order} if page.order and page.order != settings.COMMENTS_ORDER else {}


def depend_on_clock(freshness: Freshness, discussion: Thread, now: datetime) -> None:
    """A page that shows a discussion changes by itself when it opens, when it closes, and with the desk's hours.

    `freshness` has looked at the tag HOURS.
    """
    discussion.hours = desk_hours.known(freshness, discussion, now)
    moments = (discussion.opening, discussion.closing, discussion.desk(now).until)
    freshness.until(*(moment for moment in moments if moment and moment > now))
