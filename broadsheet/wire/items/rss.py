"""RSS 2.0 (the Advisory Board's 2.0.11) with Dublin Core, Media RSS, the content and slash modules. Pure."""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime

from broadsheet.core.xml import Element, add, document
from broadsheet.wire.items.feed import Entry, Feed
from broadsheet.wire.items.item import PictureItem

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
    channel = add(root, "channel")
    add(channel, "title", feed.title)
    add(channel, "link", feed.page)
    add(channel, "description", feed.description or feed.title)
    add(channel, "language", feed.language)
    if feed.changed:
        add(channel, "lastBuildDate", _date(feed.changed))
    add(channel, "atom:link", attributes={"rel": "self", "type": "application/rss+xml", "href": feed.address})
    for hub in feed.hubs:
        add(channel, "atom:link", attributes={"rel": "hub", "href": hub})
    for entry in feed.entries:
        _item(add(channel, "item"), entry)
    return document(root)


def _item(element: Element, entry: Entry) -> None:
    item = entry.item
    add(element, "title", item.headline)
    add(element, "link", item.address)
    add(element, "guid", item.uri, {"isPermaLink": "false"})
    if item.first_published:
        add(element, "pubDate", _date(item.first_published))
    for name in item.names or [item.provider]:
        add(element, "dc:creator", name)
    for named in [*([item.section] if item.section else []), *item.topics]:
        add(element, "category", named.name)
    add(element, "description", item.standfirst or item.headline)
    if entry.page:
        add(element, "content:encoded", entry.page)
    if item.comments is not None:
        add(element, "comments", item.discussion)
        add(element, "slash:comments", str(item.comments))
    for picture in item.pictures[:1]:
        _picture(element, picture)


def _picture(element: Element, picture: PictureItem) -> None:
    """The lead picture in its widest size, with whoever must be named with it."""
    size = picture.widest
    if size is None:
        return
    media = add(
        element,
        "media:content",
        attributes={
            "url": size.address,
            "medium": "image",
            "type": size.media_type,
            "width": str(size.width),
            "height": str(size.height),
        },
    )
    if picture.caption:
        add(media, "media:description", picture.caption, {"type": "plain"})
    if picture.creator:
        add(media, "media:credit", picture.creator, {"role": "photographer", "scheme": "urn:ebu"})
    if picture.credit and picture.credit != picture.creator:
        add(media, "media:credit", picture.credit)
    if picture.copyright_notice:
        link = {"url": picture.rights_page} if picture.rights_page else {}
        add(media, "media:copyright", picture.copyright_notice, link)


def _date(moment: datetime) -> str:
    return format_datetime(moment)
