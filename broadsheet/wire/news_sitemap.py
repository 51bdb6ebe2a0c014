"""A sitemap of the last two days, as news search engines read it (Google's news sitemap 0.9). Pure."""

from __future__ import annotations

from datetime import timedelta
from xml.etree.ElementTree import Element, SubElement, tostring

from broadsheet.wire.item import Item
from broadsheet.wire.markup import xml_text

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
PERIOD = timedelta(days=2)
MOST = 1000


def write(items: list[Item]) -> bytes:
    """The stories, newest first."""
    root = Element("urlset", {"xmlns": SITEMAP, "xmlns:news": NEWS})
    for item in items[:MOST]:
        url = SubElement(root, "url")
        SubElement(url, "loc").text = item.address
        if item.changed:
            SubElement(url, "lastmod").text = item.changed.isoformat(timespec="seconds")
        news = SubElement(url, "news:news")
        publication = SubElement(news, "news:publication")
        SubElement(publication, "news:name").text = xml_text(item.provider)
        SubElement(publication, "news:language").text = item.language.partition("-")[0]
        if item.first_published:
            SubElement(news, "news:publication_date").text = item.first_published.isoformat(timespec="seconds")
        SubElement(news, "news:title").text = xml_text(item.headline)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written
