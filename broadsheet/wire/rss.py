"""RSS 2.0 (the Advisory Board's 2.0.11) with Dublin Core, Media RSS, the content and slash modules. Pure."""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from broadsheet.wire.feed import Entry, Feed
from broadsheet.wire.item import PictureItem
from broadsheet.wire.markup import xml_text

MEDIA_TYPE = "application/rss+xml; charset=utf-8"
SPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
}


def write(feed: Feed) -> bytes:
    """The feed as RSS."""
    root = Element("rss", {"version": "2.0", **{f"xmlns:{prefix}": space for prefix, space in SPACES.items()}})
    channel = SubElement(root, "channel")
    _add(channel, "title", feed.title)
    _add(channel, "link", feed.page)
    _add(channel, "description", feed.description or feed.title)
    _add(channel, "language", feed.language)
    if feed.changed:
        _add(channel, "lastBuildDate", _date(feed.changed))
    SubElement(channel, "atom:link", {"rel": "self", "type": "application/rss+xml", "href": feed.address})
    for hub in feed.hubs:
        SubElement(channel, "atom:link", {"rel": "hub", "href": hub})
    for entry in feed.entries:
        _item(SubElement(channel, "item"), entry)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _item(element: Element, entry: Entry) -> None:
    item = entry.item
    _add(element, "title", item.headline)
    _add(element, "link", item.address)
    _add(element, "guid", item.uri, isPermaLink="false")
    if item.first_published:
        _add(element, "pubDate", _date(item.first_published))
    for name in item.names or [item.provider]:
        _add(element, "dc:creator", name)
    for named in [*([item.section] if item.section else []), *item.topics]:
        _add(element, "category", named.name)
    _add(element, "description", item.standfirst or item.headline)
    if entry.page:
        _add(element, "content:encoded", entry.page)
    if item.comments is not None:
        _add(element, "comments", item.discussion)
        _add(element, "slash:comments", str(item.comments))
    for picture in item.pictures[:1]:
        _picture(element, picture)


def _picture(element: Element, picture: PictureItem) -> None:
    """The lead picture in its widest size, with whoever must be named with it."""
    size = picture.widest
    if size is None:
        return
    media = SubElement(
        element,
        "media:content",
        {
            "url": size.address,
            "medium": "image",
            "type": size.media_type,
            "width": str(size.width),
            "height": str(size.height),
        },
    )
    if picture.caption:
        _add(media, "media:description", picture.caption, type="plain")
    if picture.creator:
        _add(media, "media:credit", picture.creator, role="photographer", scheme="urn:ebu")
    if picture.credit and picture.credit != picture.creator:
        _add(media, "media:credit", picture.credit)
    if picture.copyright_notice:
        _add(
            media,
            "media:copyright",
            picture.copyright_notice,
            **({"url": picture.rights_page} if picture.rights_page else {}),
        )


def _date(moment: datetime) -> str:
    return format_datetime(moment)


def _add(parent: Element, tag: str, words: str, **attributes: str) -> None:
    SubElement(parent, tag, {key: xml_text(value) for key, value in attributes.items()}).text = xml_text(words)
