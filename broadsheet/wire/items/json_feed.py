"""JSON Feed 1.1. Pure."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from broadsheet.wire.items.feed import Entry, Feed

VERSION = "https://jsonfeed.org/version/1.1"
MEDIA_TYPE = "application/feed+json; charset=utf-8"


def write(feed: Feed) -> bytes:
    """The feed as JSON."""
    document: dict[str, Any] = {
        "version": VERSION,
        "title": feed.title,
        "home_page_url": feed.page,
        "feed_url": feed.address,
        "description": feed.description,
        "language": feed.language,
        "icon": feed.icon,
        "authors": [{"name": feed.provider, "url": feed.provider_address}],
        "hubs": [{"type": "WebSub", "url": hub} for hub in feed.hubs],
        "items": [_entry(entry) for entry in feed.entries],
    }
    kept = {name: value for name, value in document.items() if value or name == "items"}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()


def _entry(entry: Entry) -> dict[str, Any]:
    """An item. The format has no place for a discussion: that is an extension of ours, `_discussion`."""
    item = entry.item
    lead = item.pictures[0].widest if item.pictures else None
    named = [*([item.section] if item.section else []), *item.topics]
    facts: dict[str, Any] = {
        "id": item.uri,
        "url": item.address,
        "title": item.headline,
        "summary": item.standfirst,
        "content_html": entry.page,
        "content_text": "" if entry.page else item.standfirst or item.headline,
        "image": lead.address if lead else "",
        "date_published": _moment(item.first_published),
        "date_modified": _moment(item.changed),
        "authors": [
            {"name": one.name, **({"url": one.uri} if one.uri else {})}
            for one in dict.fromkeys(item.contributors)
            if one.name in item.names
        ],
        "tags": [one.name for one in named],
        "language": item.language,
    }
    kept = {name: value for name, value in facts.items() if value}
    if item.comments is not None:
        kept["_discussion"] = {
            "about": "Comments that readers can see, and where: the address of the discussion.",
            "comments": item.comments,
            "url": item.discussion,
        }
    return kept


def _moment(moment: datetime | None) -> str:
    return moment.isoformat(timespec="seconds") if moment else ""
