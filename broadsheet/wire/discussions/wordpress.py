"""WordPress's export (WXR 1.0 to 1.2): RSS with the stories themselves and the comments under them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, tzinfo
from html import unescape
from typing import BinaryIO

from broadsheet.wire.discussions.found import (
    Found,
    FoundComment,
    FoundPage,
    FoundStory,
    LeftOut,
    Lost,
    NoMoment,
    State,
    Unusable,
    instant,
)
from broadsheet.wire.discussions.xml_records import Element, records

_STATES = {
    "1": State.PUBLISHED, "approved": State.PUBLISHED,
    "0": State.PENDING, "hold": State.PENDING, "": State.PENDING,  # one that says nothing was approved by nobody
    "spam": State.SPAM, "trash": State.REJECTED, "post-trashed": State.REJECTED,
}  # fmt: skip
_COMMENT_TYPES = {"", "comment", "review"}
_NEVER = "0000-00-00"  # how its database writes that there is no such moment
_KEPT_FROM_READERS = {
    "private": "it is private", "draft": "it is a draft", "pending": "it waits for an editor there",
    "future": "it was to be published later", "trash": "it is in the bin", "auto-draft": "it is a draft",
}  # fmt: skip


def read(stream: BinaryIO, zone: tzinfo | None = None) -> Iterator[Found]:
    """Stories and comments, in the order of the file. `zone` is for moments that stand there in local time only.

    Raises UnreadableFile where it breaks off.
    """
    known: dict[str, str] = {}
    site = ""
    for element in records(stream, {"item", "base_blog_url", "base_site_url", "author"}, {"rss"}, parts={"channel"}):
        if element.name in {"base_blog_url", "base_site_url"}:
            site = element.text or site
        elif element.name == "author":
            known[element.said("author_login")] = unescape(element.said("author_display_name"))
        else:
            yield from _item(element, known, zone)


def source_of(address: str) -> str:
    """The name under which a site's numbers are kept, as each site counts its own: its host and folder."""
    bare = re.sub(r"\s+", "", address).split("://")[-1].split("?")[0].strip("/").casefold()
    return f"wordpress:{bare.removeprefix('www.')}"[:120]


def site_of(stream: BinaryIO) -> str:
    """The address of the site that the file is from; it stands before the stories."""
    known = ""
    for element in records(stream, {"base_blog_url", "link", "item"}, {"rss"}, parts={"channel"}):
        if element.name == "item":
            break
        if element.name == "base_blog_url" and element.text:
            return element.text
        known = known or element.text
    return known


def _item(item: Element, known: dict[str, str], zone: tzinfo | None) -> Iterator[Found]:
    kind, number = item.said("post_type") or "post", item.said("post_id")
    if kind == "attachment":
        yield Lost("pictures and other files of the media library, which are not fetched")
        return
    if not number:
        yield Unusable("", "an item has no number")
        return
    if kind not in {"post", "page"}:
        yield LeftOut(number, f"item of the kind {kind}")
        return
    yield _story(item, number, kind, known, zone)
    for comment in item.all("comment"):
        yield _comment(comment, number, zone)


def _story(item: Element, number: str, kind: str, known: dict[str, str], zone: tzinfo | None) -> Found:
    status = item.said("status")
    why_not = _KEPT_FROM_READERS.get(status, "")
    if not why_not and status not in {"publish", "inherit"}:
        why_not = f"its status there is {status or 'unknown'}"
    if not why_not and item.said("post_password"):
        why_not = "it has a password"
    if not why_not and kind == "page":
        why_not = "it is a page of the site and no story"
    try:
        published_at = _moment(item, "post_date", zone)
    except NoMoment:
        published_at, why_not = None, why_not or "its moment of publication cannot be told"
    login = item.said("creator")
    terms = [(each.number("domain"), unescape(each.text)) for each in item.all("category") if each.text]
    return FoundStory(
        id=number,
        address=item.said("link"),
        headline=unescape(item.said("title")),  # its database keeps names and titles with entities in them
        published_at=published_at,
        closed=item.said("comment_status") == "closed",
        page=FoundPage(
            html=item.said("encoded"),
            standfirst=item.said("excerpt"),
            slug=item.said("post_name"),
            author=known.get(login) or login,
            categories=tuple(name for domain, name in terms if domain == "category"),
            tags=tuple(name for domain, name in terms if domain in {"post_tag", "tag"}),
            why_not=why_not,
        ),
    )


def _comment(comment: Element, story: str, zone: tzinfo | None) -> Found:
    number, kind = comment.said("comment_id"), comment.said("comment_type")
    if not number:
        return Unusable("", f"a comment under item {story} has no number")
    if kind not in _COMMENT_TYPES:
        return LeftOut(number, kind)
    try:
        written_at = _moment(comment, "comment_date", zone)
    except NoMoment as fault:
        return Unusable(number, str(fault))
    said = comment.said("comment_approved").casefold()
    parent, person = comment.said("comment_parent"), comment.said("comment_user_id")
    return FoundComment(
        id=number,
        story=story,
        parent="" if parent in {"", "0"} else parent,
        name=unescape(comment.said("comment_author")) or "Anonymous",
        person="" if person in {"", "0"} else person,
        email=comment.said("comment_author_email"),
        words=comment.said("comment_content"),
        written_at=written_at,
        state=_STATES.get(said, State.PENDING),
    )


def _moment(element: Element, name: str, zone: tzinfo | None) -> datetime:
    """The GMT column where it holds a moment; else the local one, in the zone the caller names."""
    if (gmt := element.said(f"{name}_gmt")) and not gmt.startswith(_NEVER):
        return instant(f"{gmt}+00:00" if "+" not in gmt and not gmt.endswith("Z") else gmt)
    local = element.said(name)
    if not local or local.startswith(_NEVER):
        raise NoMoment("it has no moment")
    return instant(local, zone)
