"""What machines read of the paper: the feeds, the sitemap, robots.txt. The same rule of sight as the pages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from csp.decorators import csp_replace
from django.conf import settings
from django.db.models import Max, QuerySet
from django.db.models.functions import Coalesce, Greatest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.views.decorators.http import require_safe

from broadsheet.core import clock
from broadsheet.delivery.freshness import Freshness
from broadsheet.delivery.pages import mark_public
from broadsheet.delivery.tags import FRONTS, SECTIONS
from broadsheet.stories.furniture import LISTED, byline
from broadsheet.stories.models import Named, Person, Section, Story
from broadsheet.stories.structured import absolute

FEED_STORIES = 30
SITEMAP_STORIES = 10_000  # addresses to a file, by ranges of story numbers; the format allows 50,000

# Chromium shows XML with a style sheet of its own.
_shown_by_browsers = csp_replace({"style-src": ["'unsafe-inline'"]})
_CLOSED = ["/accounts/", "/comments/", "/desk/", "/me/", "/moderation/", "/reports/", "/search/", "/threads/"]
_XML = '<?xml version="1.0" encoding="utf-8"?>\n'
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The newest stories of the paper."""
    freshness, now = Freshness(), clock.now()
    freshness.look(FRONTS, SECTIONS)
    return _atom(
        Story.objects.public(now).ours(), settings.SITE_NAME, reverse("front"), reverse("feed"), now, freshness
    )


@require_safe
def part_feed(request: HttpRequest, slug: str, part: type[Named]) -> HttpResponse:
    """The newest stories of a section, about a topic or by a person; not there where their page is not."""
    freshness, now = Freshness(), clock.now()
    freshness.look(FRONTS, SECTIONS)
    found = get_object_or_404(part, slug=slug)
    stories = Story.objects.public(now).ours().filter(pk__in=Story.objects.filter(found.on_stories()).values("pk"))
    if part is not Section and not stories.exists():
        raise Http404
    return _atom(stories, f"{found} – {settings.SITE_NAME}", found.get_absolute_url(), request.path, now, freshness)


def _atom(
    stories: QuerySet[Story], title: str, page: str, address: str, now: datetime, freshness: Freshness
) -> HttpResponse:
    """The newest of these stories as Atom (RFC 4287), with headline, standfirst and authors."""
    writer = _Atom(
        title=title,
        link=absolute(page),
        feed_url=absolute(address),
        description="",
        language=settings.LANGUAGE_CODE,
        author_name=settings.SITE_NAME,
    )
    newest = stories.prefetch_related("credits__person", "topics").defer(*LISTED).order_by("-published_at", "-pk")
    for story in newest[:FEED_STORIES]:
        writer.add_item(**_entry(story))
    freshness.until(Story.objects.next_change(now))
    return _public(writer.writeString("utf-8"), writer.content_type, freshness)


class _Atom(Atom1Feed):
    """Each author in an element of their own, as the format wants it and Django's writer does not know it."""

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        for person in item["authors"]:
            handler.startElement("author", {})
            handler.addQuickElement("name", person.name)
            handler.addQuickElement("uri", absolute(person.get_absolute_url()))
            handler.endElement("author")

    def latest_post_date(self) -> datetime:
        """A feed without stories has a moment too, and not another one for each who asks."""
        return super().latest_post_date() if self.items else datetime(1970, 1, 1, tzinfo=UTC)


def _entry(story: Story) -> dict[str, Any]:
    """A story in the feed. Where nobody is named the feed's own author stands for it, which is the newsroom."""
    credits: dict[str, list[Person]] = {}
    for credit in story.credits.all():
        credits.setdefault(credit.role, []).append(credit.person)
    moments = [moment for moment in (story.published_at, story.updated_at, story.corrected_at) if moment]
    return {
        "title": story.headline,
        "link": absolute(story.get_absolute_url()),
        "description": story.standfirst or story.headline,
        "unique_id": absolute(reverse("story", args=[story.pk, "story"])),
        "authors": byline(credits),
        "categories": [topic.name for topic in story.topics.all()],
        "pubdate": story.published_at,
        "updateddate": max(moments),
    }


@require_safe
@_shown_by_browsers
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """The list of sitemap files."""
    freshness, now = Freshness(), clock.now()
    freshness.look(FRONTS, SECTIONS)
    highest = Story.objects.public(now).ours().aggregate(Max("pk"))["pk__max"] or 0
    files = (absolute(reverse("sitemap_part", args=[part])) for part in range(highest // SITEMAP_STORIES + 1))
    rows = "".join(f"<sitemap><loc>{escape(address)}</loc></sitemap>" for address in files)
    freshness.until(Story.objects.next_change(now))
    return _public(f'{_XML}<sitemapindex xmlns="{_NAMESPACE}">{rows}</sitemapindex>', "application/xml", freshness)


@require_safe
@_shown_by_browsers
def sitemap(request: HttpRequest, pk: int) -> HttpResponse:
    """The stories whose numbers are in one range of ten thousand; the first file has the standing pages too."""
    freshness, now = Freshness(), clock.now()
    freshness.look(FRONTS, SECTIONS)
    if pk > 1_000_000:
        raise Http404
    changed = Greatest("published_at", Coalesce("updated_at", "published_at"), Coalesce("corrected_at", "published_at"))
    stories = (
        Story.objects.public(now)
        .ours()
        .filter(pk__gte=pk * SITEMAP_STORIES, pk__lt=(pk + 1) * SITEMAP_STORIES)
        .annotate(changed=changed)
        .order_by("pk")
        .values_list("pk", "slug", "changed")
    )
    rows = [
        f"<url><loc>{escape(absolute(reverse('story', args=[number, slug])))}</loc>"
        f"<lastmod>{clock.in_newsroom(moment).isoformat(timespec='seconds')}</lastmod></url>"
        for number, slug, moment in stories
    ]
    if pk and not rows:
        raise Http404
    standing = [] if pk else [f"<url><loc>{escape(absolute(path))}</loc></url>" for path in _standing_pages()]
    freshness.until(Story.objects.next_change(now))
    return _public(
        f'{_XML}<urlset xmlns="{_NAMESPACE}">{"".join([*standing, *rows])}</urlset>', "application/xml", freshness
    )


def _standing_pages() -> list[str]:
    named = [reverse(name) for name in ("front", "features", "about", "comment_policy")]
    return [*named, *(section.get_absolute_url() for section in Section.objects.all())]


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers may visit (RFC 9309)."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in _CLOSED),
        "",
        f"Sitemap: {absolute(reverse('sitemap'))}",
    ]
    return _public("\n".join(lines) + "\n", "text/plain; charset=utf-8", Freshness())


def _public(content: str, kind: str, freshness: Freshness) -> HttpResponse:
    return mark_public(HttpResponse(content, content_type=kind), freshness)
