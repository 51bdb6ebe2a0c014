"""NewsML-G2 in: a news item, or a message or package with several. Pure: bytes in, items out.

Codes are read by their last part ("stat:canceled", "http://cv.iptc.org/newscodes/pubstatusg2/canceled"): providers give
schemes other aliases, and their catalogues lie on the network, which is not asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from broadsheet.core.text import wire_html
from broadsheet.core.xml import UnreadableXml, local, read_xml
from broadsheet.wire.items.item import (
    CANCELED,
    NOTICES,
    PHOTOGRAPHY,
    REPORTING,
    ROLES,
    USABLE,
    WITHHELD,
    Contributor,
    Item,
    Named,
    Note,
    PictureItem,
    Rendition,
    UnreadableItem,
    names_in_byline,
)
from broadsheet.wire.items.ninjs_reading import LONGEST_QUOTE, MOST_ITEMS, embargo_of, moment_of, paragraphs
from broadsheet.wire.markup import html_of

Xml = Any

_STATUS = {"usable": USABLE, "withheld": WITHHELD, "canceled": CANCELED, "cancelled": CANCELED}
_TEXT, _PICTURE = {"text", "composite"}, {"picture", "graphic"}
_SAID = {"itemClass", "provider", "versionCreated", "firstCreated", "embargoed", "pubStatus", "generator", "profile",
    "service", "title", "edNote", "signal", "link", "fileName", "hash", "incomingFeedId", "urgency", "contentCreated",
    "contentModified", "located", "infoSource", "creator", "contributor", "altId", "language", "subject", "slugline",
    "headline", "dateline", "by", "creditline", "description", "keyword", "icon", "role", "copyrightHolder",
}  # fmt: skip
_NITF_BODY = ("body.content", "body")


def read(data: bytes) -> list[Item]:
    """The text items of a document. Raises UnreadableItem."""
    try:
        root = read_xml(data)
    except UnreadableXml as fault:
        raise UnreadableItem(str(fault)) from None
    rooted = local(root.tag)
    if rooted not in {"newsItem", "newsMessage", "packageItem"}:
        raise UnreadableItem(f"It is no NewsML-G2 with news items: its root is {rooted[:40]}.")
    found = [root] if rooted == "newsItem" else [each for each in root.iter() if local(each.tag) == "newsItem"]
    if len(found) > MOST_ITEMS:
        raise UnreadableItem(f"It has more than {MOST_ITEMS} items.")
    texts = [news for news in found if _class_of(news) in _TEXT]
    if not texts:
        kinds = ", ".join(sorted({_class_of(news) or "no class" for news in found})) or "none at all"
        raise UnreadableItem(f"It has no text in it, only items of other kinds ({kinds}).")
    pictures = [news for news in found if _class_of(news) in _PICTURE]
    others = [news for news in found if news not in texts and news not in pictures]
    return [_item(news, pictures, alone=len(texts) == 1, others=others) for news in texts]


def _class_of(news: Xml) -> str:
    return _code(_find(news, "itemMeta", "itemClass"))


def _code(element: Xml) -> str:
    """The last part of what names a concept: "text" of ninat:text, icls:text or .../ninature/text."""
    if element is None:
        return ""
    return str(re.split(r"[:/#]", element.get("qcode") or element.get("uri") or element.get("literal") or "")[-1])


def _find(element: Xml, *path: str) -> Xml:
    """The first element along this path, whatever their namespaces."""
    for name in path:
        element = next((child for child in element if local(child.tag) == name), None) if element is not None else None
    return element


def _all(element: Xml, *path: str) -> list[Xml]:
    *way, last = path
    parent = _find(element, *way) if way else element
    return [child for child in parent if local(child.tag) == last] if parent is not None else []


def _words(element: Xml) -> str:
    """Everything an element says, as one line."""
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def _name(element: Xml) -> str:
    """A concept's name, or where it has none what it says itself."""
    if element is None:
        return ""
    named = [child for child in element if local(child.tag) == "name"]
    return _words(named[0]) if named else " ".join((element.text or "").split())


def _moment(element: Xml) -> datetime | None:
    written = _words(element)
    return moment_of(written) if written else None


def _item(news: Xml, pictures: list[Xml], *, alone: bool, others: list[Xml]) -> Item:
    uri, version = " ".join((news.get("guid") or "").split()), (news.get("version") or "1").strip()
    if not uri:
        raise UnreadableItem("An item in it has no guid, by which it is known.")
    meta, content = _find(news, "itemMeta"), _find(news, "contentMeta")
    status = (_code(_find(meta, "pubStatus")) or USABLE).lower()
    if status not in _STATUS:
        raise UnreadableItem(f"The item {uri} has a status that we do not know ({status}).")
    notes, remarks = _notes(meta)
    provider = _find(meta, "provider")
    common: dict[str, Any] = {
        "uri": uri,
        "version": version,
        "status": _STATUS[status],
        "language": news.get("{http://www.w3.org/XML/1998/namespace}lang") or "",
        "changed": _moment(_find(meta, "versionCreated")),
        "notes": notes,
        "provider": _name(provider),
        "provider_address": (provider.get("uri") or "") if provider is not None else "",
    }
    if _STATUS[status] == CANCELED:
        return Item(**common, remarks=tuple(remarks))
    embargo = _find(meta, "embargoed")
    if embargo is not None and not _words(embargo):
        common["status"] = WITHHELD
        remarks.append("Its embargo has no end; it is not to be published until another version says so.")
    common["body"], said = _body(news)
    remarks += [*_rights(news), *said, *_unplaced(meta, content), *map(_other, others if alone else [])]
    return _whole(meta, [] if content is None else content, common, remarks, _linked(news, pictures, alone))


def _whole(meta: Xml, content: Xml, common: dict[str, Any], remarks: list[str], pictures: list[Xml]) -> Item:
    """An item with its words: one that is not killed."""
    language, service = _find(content, "language"), _find(meta, "service")
    common["language"] = common["language"] or (language.get("tag") or "" if language is not None else "")
    return Item(
        **common,
        headline=_first(content, "headline") or _first(meta, "title"),
        standfirst=_described(content, "summary", ""),
        slugline=_first(content, "slugline"),
        byline=_first(content, "by"),
        contributors=_contributors(content),
        place=_name(_find(content, "located")),
        agency=_name(_find(content, "infoSource")),
        first_published=_moment(_find(meta, "firstCreated")),
        embargoed_until=embargo_of(_words(_find(meta, "embargoed"))),
        urgency=_urgency(_first(content, "urgency")),
        section=Named(_name(service), service.get("uri") or "") if service is not None and _name(service) else None,
        topics=_topics(content),
        pictures=tuple(map(_picture, pictures)),
        address=_page(meta),
        remarks=tuple(remarks),
    )


def _rights(news: Xml) -> Iterator[str]:
    if terms := _words(_find(news, "rightsInfo", "usageTerms")):
        yield f"Not stored: usage terms: {_cut(terms, 300)}"
    if notice := _words(_find(news, "rightsInfo", "copyrightNotice")):
        yield f"Not stored: copyright notice: {_cut(notice)}"


def _first(parent: Xml, tag: str) -> str:
    return _words(_find(parent, tag)) if parent is not None else ""


def _page(meta: Xml) -> str:
    links = _all(meta, "link") if meta is not None else []
    return next((one.get("href") or "" for one in links if one.get("contenttype") == "text/html"), "")


def _urgency(written: str) -> int | None:
    return int(written) if re.fullmatch(r"[1-9]", written) else None


def _described(content: Xml, *roles: str) -> str:
    rows = [
        (re.split(r"[:/#]", one.get("role") or "")[-1].lower(), _words(one)) for one in _all(content, "description")
    ]
    return next((words for role in roles for said, words in rows if said == role and words), "")


def _notes(meta: Xml) -> tuple[tuple[Note, ...], list[str]]:
    """The dated notices, and what else is noted for editors."""
    notes, remarks = [], []
    for one in _all(meta, "edNote") if meta is not None else []:
        kind, made = re.split(r"[:/#]", one.get("role") or "")[-1].lower(), one.get("modified")
        said = "".join(one.itertext()).strip()
        if kind in NOTICES and made and said:
            notes.append(Note(kind, said, moment_of(made)))
        elif said:
            remarks.append(f"Note to editors: {_cut(said, 500)}")
    return tuple(notes), remarks


def _contributors(content: Xml) -> tuple[Contributor, ...]:
    found = []
    for tag in ("creator", "contributor"):
        for one in _all(content, tag):
            role = ROLES.get(
                re.split(r"[:/#]", one.get("role") or ("reporter" if tag == "creator" else ""))[-1].lower()
            )
            if role and _name(one):
                found.append(Contributor(role, _name(one), one.get("uri") or ""))
    byline = _first(content, "by")
    if not found:
        found = [Contributor(REPORTING, name) for name in names_in_byline(byline)]
    order = list(ROLES)
    return tuple(dict.fromkeys(sorted(found, key=lambda one: order.index(one.role))))


def _topics(content: Xml) -> tuple[Named, ...]:
    named = [Named(_name(one), one.get("uri") or "") for one in _all(content, "subject") if _name(one)]
    named += [Named(_words(one)) for one in _all(content, "keyword") if _words(one)]
    return tuple(dict.fromkeys(named))


def _body(news: Xml) -> tuple[str, list[str]]:
    """The body of the first content we can read: XHTML, NITF, or plain text; and what was left beside it."""
    held = _find(news, "contentSet")
    written, left = "", []
    for one in held if held is not None else []:
        if local(one.tag) == "inlineXML" and not written:
            written = html_of(_body_in(one))
        elif local(one.tag) == "inlineData" and not written:
            words = "".join(one.itertext())
            written = wire_html(words) if "html" in (one.get("contenttype") or "") else paragraphs(words)
        elif local(one.tag):
            left.append(f"Not taken: further content ({local(one.tag)}, {one.get('contenttype') or 'of no type'}).")
    return written, left


def _body_in(inline: Xml) -> Xml:
    for name in _NITF_BODY:
        for each in inline.iter():
            if local(each.tag) == name:
                return each
    return inline


def _linked(news: Xml, pictures: list[Xml], alone: bool) -> list[Xml]:
    """The pictures in the message that this text links to, in that order; all of them where it is the only text."""
    by_name = {one.get("guid"): one for one in pictures}
    meta = _find(news, "itemMeta")
    wanted = [link.get("residref") for link in _all(meta, "link")] if meta is not None else []
    found = [by_name[name] for name in wanted if name in by_name]
    return found or (pictures if alone else [])


def _picture(news: Xml) -> PictureItem:
    content = _find(news, "contentMeta")
    content = [] if content is None else content
    notice = _find(news, "rightsInfo", "copyrightNotice")
    makers = [one for one in _all(content, "creator") if _name(one)]
    makers.sort(key=lambda one: ROLES.get(re.split(r"[:/#]", one.get("role") or "")[-1].lower()) != PHOTOGRAPHY)
    return PictureItem(
        uri=" ".join((news.get("guid") or "").split()),
        caption=_described(content, "caption", "", "summary"),
        alt=_described(content, "alttext"),
        creator=_name(makers[0]) if makers else "",
        credit=_first(content, "creditline"),
        copyright_notice=_words(notice),
        rights_page=(notice.get("href") or "") if notice is not None else "",
        renditions=tuple(_rendition(one) for one in _all(news, "contentSet", "remoteContent") if one.get("href")),
    )


def _rendition(one: Xml) -> Rendition:
    return Rendition(
        one.get("href"), _pixels(one.get("width")), _pixels(one.get("height")), one.get("contenttype") or "image/jpeg"
    )


def _pixels(written: str | None) -> int:
    return int(written) if written and re.fullmatch(r"[0-9]{1,6}", written) else 0


def _unplaced(meta: Xml, content: Xml) -> Iterator[str]:
    for one in [*(meta if meta is not None else []), *(content if content is not None else [])]:
        tag = local(one.tag)
        if tag and tag not in _SAID:
            yield f"Not stored: {tag}: {_cut(_words(one) or _code(one))}"
        elif tag == "subject" and not _name(one):
            yield f"Not stored: a subject without a name ({_cut(one.get('qcode') or one.get('uri') or '')})."


def _other(news: Xml) -> str:
    return f"Not taken: an item that is neither text nor picture ({_class_of(news) or 'no class'})."


def _cut(words: str, most: int = LONGEST_QUOTE) -> str:
    words = " ".join(words.split())
    return words if len(words) <= most else words[: most - 1] + "…"
