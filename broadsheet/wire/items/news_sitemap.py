"""A sitemap of the last two days, as news search engines read it (Google's news sitemap 0.9). Pure."""

from __future__ import annotations

from datetime import timedelta

from broadsheet.core.xml import Element, add, document
from broadsheet.wire.items.item import Item

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
PERIOD = timedelta(days=2)
MOST = 1000


def write(items: list[Item]) -> bytes:
    """The stories, newest first."""
    root = Element("urlset", {"xmlns": SITEMAP, "xmlns:news": NEWS})
    for item in items[:MOST]:
        url = add(root, "url")
        add(url, "loc", item.address)
        if item.changed:
            add(url, "lastmod", item.changed.isoformat(timespec="seconds"))
        news = add(url, "news:news")
        publication = add(news, "news:publication")
        add(publication, "news:name", item.provider)
        add(publication, "news:language", item.language.partition("-")[0])
        if item.first_published:
            add(news, "news:publication_date", item.first_published.isoformat(timespec="seconds"))
        add(news, "news:title", item.headline)
    return document(root)
