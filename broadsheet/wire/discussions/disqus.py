"""Disqus's export: threads and posts in one XML file, mostly gzipped. What it lacks nobody can bring: votes, edits,
who moderated, what waited.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import BinaryIO
from urllib.parse import parse_qs, urlsplit

from broadsheet.wire.discussions.found import (
    Found,
    FoundComment,
    FoundStory,
    LeftOut,
    NoMoment,
    State,
    Unusable,
    instant,
)
from broadsheet.wire.discussions.xml_records import Element, records

SOURCE = "disqus"  # its numbers are one series for all the sites it serves
_MENTION = re.compile(r"(?<![\w@/])(@[\w-]+):disqus\b")
_SIGNED = re.compile(r":[\w-]{6,64}$")  # what its redirecting address adds to the one it leads to


def read(stream: BinaryIO) -> Iterator[Found]:
    """Stories and comments, in the order of the file. Raises UnreadableFile where it breaks off."""
    deleted: set[str] = set()
    for element in records(stream, {"thread", "post"}, {"disqus"}):
        thread = element if element.name == "thread" else element.first("thread")
        if element is thread and _is(thread, "isDeleted"):
            deleted.add(thread.number())
        if thread and thread.number() in deleted:  # nobody could read it any more, whatever its comments say
            yield LeftOut(element.number(), f"{element.name} of a discussion that was deleted there")
        else:
            yield _story(element) if element.name == "thread" else _comment(element)


def _story(thread: Element) -> Found:
    number = thread.number()
    if not number:
        return Unusable("", "a thread has no number")
    try:
        began = instant(thread.said("createdAt")) if thread.said("createdAt") else None
    except NoMoment:
        began = None
    return FoundStory(
        id=number,
        address=thread.said("link"),
        headline=unescape(thread.said("title")),  # as the page had it in its HTML
        published_at=began,
        closed=_is(thread, "isClosed"),
    )


def _comment(post: Element) -> Found:
    number, thread = post.number(), post.first("thread")
    if not number or thread is None or not thread.number():
        return Unusable(number, "it belongs to no thread" if number else "a post has no number")
    parent, author = post.first("parent"), post.first("author") or Element("author", {})
    try:
        written_at = instant(post.said("createdAt"))
    except NoMoment as fault:
        return Unusable(number, str(fault))
    return FoundComment(
        id=number,
        story=thread.number(),
        parent=parent.number() if parent else "",
        name=author.said("name") or author.said("username"),
        person="" if _is(author, "isAnonymous") else author.said("username"),
        email=author.said("email"),
        words=straightened(post.said("message")),
        written_at=written_at,
        state=_state(post),
    )


def _state(post: Element) -> State:
    """Spam before deleted: what a filter caught and somebody emptied was never public."""
    if _is(post, "isSpam"):
        return State.SPAM
    if _is(post, "isDeleted"):
        return State.WITHDRAWN
    return State.PENDING if post.said("isApproved").casefold() == "false" else State.PUBLISHED


def _is(element: Element, name: str) -> bool:
    return element.said(name).casefold() == "true"


_REDIRECTED = re.compile(r"""https?://disq\.us/url\?[^\s"'<>]+""")


def straightened(html: str) -> str:
    """The message with its links leading where they lead, and whoever is mentioned by their name there alone."""
    html = _MENTION.sub(r"\1", html) if ":disqus" in html else html
    return _REDIRECTED.sub(_straight, html) if "disq.us/url" in html else html


def _straight(found: re.Match[str]) -> str:
    address = found[0].replace("&amp;", "&")
    leads = parse_qs(urlsplit(address).query).get("url", [""])[0]
    leads = _SIGNED.sub("", leads)
    if not leads.startswith(("http://", "https://")) or re.search(r"""[\s"'<>]""", leads):
        return found[0]
    return leads.replace("&", "&amp;")
