"""What the wire answers: kept ready like pages, the same bytes for everybody, dropped when a story changes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from broadsheet.core import clock
from broadsheet.delivery.freshness import Freshness
from broadsheet.delivery.pages import mark_public
from broadsheet.delivery.tags import FRONTS, SECTIONS, story_tag, thread_tag
from broadsheet.stories.models import Named, Section, Story
from broadsheet.stories.outgoing import links_header, outgoing_page
from broadsheet.stories.structured import absolute
from broadsheet.wire.items import json_feed, news_sitemap, newsml_g2, ninjs, rss
from broadsheet.wire.items.feed import Entry, Feed
from broadsheet.wire.items.from_stories import items, kill
from broadsheet.wire.items.item import Item

FEED_STORIES = 30
WIRE_STORIES = 50  # whole stories in a page of the ninjs feed

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CURSOR = re.compile(r"(\d{1,17})x(\d{1,10})", re.ASCII)  # microseconds and a number: letters and digits, so it is kept
# Chromium shows XML with a style sheet of its own.
_shown_by_browsers = csp_replace({"style-src": ["'unsafe-inline'"]})


@require_safe
def story_ninjs(request: HttpRequest, pk: int) -> HttpResponse:
    """A story as ninjs; its kill once it is withdrawn; 404 while nobody may read it."""
    return _story(pk, ninjs.write, ninjs.MEDIA_TYPE)


@require_safe
def story_newsml_g2(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as NewsML-G2."""
    return _story(pk, newsml_g2.write, newsml_g2.MEDIA_TYPE)


def _story(pk: int, write: Callable[[Item], bytes], kind: str) -> HttpResponse:
    _require_wire()
    freshness, now = Freshness(), clock.now()
    freshness.look(story_tag(pk))  # a changed name or picture of it touches that too
    found = next(iter(items(_stories().filter(pk=pk), now, most=1)), None) or kill(pk, now)
    if found is None:
        raise Http404
    return _public(write(found), kind, freshness)


@require_safe
def ninjs_feed(request: HttpRequest) -> HttpResponse:
    """The newest stories whole, and those before a cursor of ours."""
    _require_wire()
    freshness, now = _listing(), clock.now()
    stories, before = _stories(), request.GET.get("before", "")
    if before:
        moment, number = _read_cursor(before, now)
        stories = stories.filter(published_at__lte=moment).exclude(published_at=moment, pk__gte=number)
    rows = list(stories.public(now).values_list("published_at", "pk")[: WIRE_STORIES + 1])
    if before and not rows:
        raise Http404
    following = _cursor(*rows[WIRE_STORIES - 1]) if len(rows) > WIRE_STORIES else ""
    address = absolute(reverse("ninjs_feed"))
    freshness.until(Story.objects.next_change(now))
    written = ninjs.write_feed(
        items(stories, now, most=WIRE_STORIES),
        title=settings.SITE_NAME,
        address=address,
        following=f"{address}?before={following}" if following else "",
    )
    return _public(written, ninjs.MEDIA_TYPE, freshness, address if not before else "")


def _cursor(moment: datetime | None, number: int) -> str:
    return f"{((moment or _EPOCH) - _EPOCH) // timedelta(microseconds=1)}x{number}"


def _read_cursor(written: str, now: datetime) -> tuple[datetime, int]:
    """The story after which a page begins; it may have been withdrawn since. Any other would be a page for nobody."""
    found = _CURSOR.fullmatch(written)
    if found is None:
        raise Http404
    try:
        moment, number = _EPOCH + timedelta(microseconds=int(found[1])), int(found[2])
    except OverflowError:
        raise Http404 from None
    if moment > now or not Story.objects.filter(pk=number, live=True, published_at=moment).exists():
        raise Http404
    return moment, number


@require_safe
def rss_feed(request: HttpRequest, slug: str = "", part: type[Named] | None = None) -> HttpResponse:
    """The newest stories as RSS: the paper's, or those of a section, about a topic or by a person."""
    return _feed(request, slug, part, rss.write, rss.MEDIA_TYPE)


@require_safe
def json_feed_of(request: HttpRequest, slug: str = "", part: type[Named] | None = None) -> HttpResponse:
    """The same as JSON Feed."""
    return _feed(request, slug, part, json_feed.write, json_feed.MEDIA_TYPE)


def _feed(
    request: HttpRequest, slug: str, part: type[Named] | None, write: Callable[[Feed], bytes], kind: str
) -> HttpResponse:
    freshness, now = _listing(), clock.now()
    found = get_object_or_404(part, slug=slug) if part else None
    stories = _stories()
    if found is not None:
        stories = stories.filter(pk__in=Story.objects.filter(found.on_stories()).values("pk"))
    numbers = list(stories.public(now).values_list("pk", flat=True)[:FEED_STORIES])
    if found is not None and part is not Section and not numbers:
        raise Http404  # its name may tell too much
    freshness.look(*map(thread_tag, numbers))  # the counts of comments
    freshness.until(Story.objects.next_change(now))
    address = absolute(request.path)
    feed = Feed(
        title=f"{found} – {settings.SITE_NAME}" if found else settings.SITE_NAME,
        description=_description(found),
        page=absolute(found.get_absolute_url() if found else reverse("front")),
        address=address,
        language=settings.LANGUAGE_CODE,
        provider=settings.SITE_NAME,
        provider_address=settings.SITE_URL,
        icon=absolute(static("stories/root/apple-touch-icon.png")),
        hubs=tuple(settings.WEBSUB_HUBS),
        entries=tuple(_entries(stories, now)),
    )
    return _public(write(feed), kind, freshness, address)


def _description(found: Any) -> str:
    said: str = getattr(found, "description", "") if found else ""
    return said or _("News and discussion from %(paper)s.") % {"paper": settings.SITE_NAME}


def _entries(stories: Any, now: datetime) -> list[Entry]:
    listed = items(stories, now, most=FEED_STORIES, body=False)
    if settings.FEED_TEXT != "full":
        return [Entry(item) for item in listed]
    rows = stories.public(now).prefetch_related("notices").defer("body")[:FEED_STORIES]
    pages = {absolute(story.get_absolute_url()): outgoing_page(story) for story in rows}
    return [Entry(item, pages.get(item.address, "")) for item in listed]


@require_safe
@_shown_by_browsers
def recent(request: HttpRequest) -> HttpResponse:
    """The sitemap of the last two days, for news search engines."""
    freshness, now = _listing(), clock.now()
    stories = _stories().filter(published_at__gt=now - news_sitemap.PERIOD)
    first = stories.public(now).order_by("published_at").values_list("published_at", flat=True).first()
    freshness.until(Story.objects.next_change(now), first + news_sitemap.PERIOD if first else None)
    listed = items(stories, now, most=news_sitemap.MOST, body=False)
    return _public(news_sitemap.write(listed), "application/xml", freshness)


def _stories() -> Any:
    """Our own stories, newest first; `items` then asks which of them are public."""
    return Story.objects.ours().order_by("-published_at", "-pk")


def _listing() -> Freshness:
    freshness = Freshness()
    freshness.look(FRONTS, SECTIONS)
    return freshness


def _require_wire() -> None:
    if not settings.WIRE:
        raise Http404


def _public(content: bytes, kind: str, freshness: Freshness, address: str = "") -> HttpResponse:
    """The answer, with its hubs named where it is a feed at this address."""
    response = HttpResponse(content, content_type=kind)
    if address and (links := links_header(address)):
        response["Link"] = links
    return mark_public(response, freshness)
