"""What machines read of the paper: the feeds and the sitemap. The same rule of sight as the pages."""

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
from broadsheet.delivery.tags import FRONTS, SECTIONS, thread_tag
from broadsheet.stories.furniture import LISTED, byline
from broadsheet.stories.models import Named, Person, Section, Story
from broadsheet.stories.outgoing import changed_at, links_header, outgoing_page, permanent_id, to_the_second
from broadsheet.stories.structured import absolute

FEED_STORIES = 30
SITEMAP_STORIES = 10_000  # addresses to a file, by ranges of story numbers; the format allows 50,000

# Chromium shows XML with a style sheet of its own.
_shown_by_browsers = csp_replace({"style-src": ["'unsafe-inline'"]})
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
    is_full = settings.FEED_TEXT == "full"
    newest = stories.order_by("-published_at", "-pk")
    freshness.look(*map(thread_tag, newest.values_list("pk", flat=True)[:FEED_STORIES]))  # the counts of comments
    rows = newest.select_related("thread").prefetch_related("credits__person", "topics", "notices")
    for story in rows.defer(*(["body"] if is_full else LISTED))[:FEED_STORIES]:
        writer.add_item(**_entry(story), page=outgoing_page(story) if is_full else "")
    freshness.until(Story.objects.next_change(now))
    response = _public(writer.writeString("utf-8"), writer.content_type, freshness)
    if links := links_header(absolute(address)):
        response["Link"] = links
    return response


class _Atom(Atom1Feed):
    """Each author in an element of their own, the hubs, the discussion: what Django's writer does not know."""

    def root_attributes(self) -> dict[str, str]:
        return {**super().root_attributes(), "xmlns:thr": "http://purl.org/syndication/thread/1.0"}

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        for hub in settings.WEBSUB_HUBS:
            handler.addQuickElement("link", "", {"rel": "hub", "href": hub})

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        for person in item["authors"]:
            handler.startElement("author", {})
            handler.addQuickElement("name", person.name)
            handler.addQuickElement("uri", absolute(person.get_absolute_url()))
            handler.endElement("author")
        replies = {"rel": "replies", "type": "text/html", "href": f"{item['link']}#comments"}
        handler.addQuickElement("link", "", replies)
        handler.addQuickElement("thr:total", str(item["comments"]))
        if item["page"]:
            handler.addQuickElement("content", item["page"], {"type": "html"})

    def latest_post_date(self) -> datetime:
        """A feed without stories has a moment too, and not another one for each who asks."""
        return super().latest_post_date() if self.items else datetime(1970, 1, 1, tzinfo=UTC)


def _entry(story: Story) -> dict[str, Any]:
    """A story in the feed. Where nobody is named the feed's own author stands for it, which is the newsroom."""
    credits: dict[str, list[Person]] = {}
    for credit in story.credits.all():
        credits.setdefault(credit.role, []).append(credit.person)
    return {
        "title": story.headline,
        "link": absolute(story.get_absolute_url()),
        "description": story.standfirst or story.headline,
        "unique_id": permanent_id(story.pk),
        "authors": byline(credits),
        "categories": [topic.name for topic in story.topics.all()],
        "pubdate": to_the_second(story.published_at),
        "updateddate": changed_at(story),
        "comments": getattr(getattr(story, "thread", None), "published", 0),  # a thread knows its story, we its name
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


def _public(content: str, kind: str, freshness: Freshness) -> HttpResponse:
    return mark_public(HttpResponse(content, content_type=kind), freshness)
