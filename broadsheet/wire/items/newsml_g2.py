"""NewsML-G2 2.35, written: a message with the story's news item and one for each of its pictures. Pure."""

from __future__ import annotations

from datetime import datetime

from broadsheet.core.xml import Element, add, document
from broadsheet.wire.items.item import CANCELED, CORRECTION, UPDATE, WITHDRAWAL, Item, PictureItem
from broadsheet.wire.markup import html_document

NAMESPACE = "http://iptc.org/std/nar/2006-10-01/"
CATALOG = "http://www.iptc.org/std/catalog/catalog.IPTC-G2-Standards_40.xml"
MEDIA_TYPE = "application/vnd.iptc.g2.newsmessage+xml"
SIGNALS = {UPDATE: "sig:update", CORRECTION: "sig:correction", "clarification": "sig:correction"}


def write(item: Item) -> bytes:
    """One item as a NewsML-G2 message; of a canceled one its names, its moment and what is said of it."""
    message = Element("newsMessage", {"xmlns": NAMESPACE})
    header = add(message, "header")
    add(header, "sent", _moment(item.changed))
    add(header, "sender", item.provider_address or item.provider)
    items = add(message, "itemSet")
    _story(items, item)
    if item.status != CANCELED:
        for picture in item.pictures:
            _picture(items, picture, item)
    return document(message)


def _story(items: Element, item: Item) -> None:
    news = _news_item(items, item.uri, item)
    if item.status != CANCELED:
        rights = add(news, "rightsInfo")
        _named(
            rights, "copyrightHolder", item.provider, {"uri": item.provider_address} if item.provider_address else {}
        )
    meta = _item_meta(news, "ninat:text", item)
    for note in item.notes:
        attributes = {"role": f"note:{note.kind}", "modified": _moment(note.made_at)}
        add(meta, "edNote", note.text, attributes)
    for kind in dict.fromkeys(note.kind for note in item.notes if note.kind != WITHDRAWAL):
        add(meta, "signal", attributes={"qcode": SIGNALS[kind]})
    if item.status == CANCELED:
        return
    if item.address:
        add(meta, "link", attributes={"rel": "irel:seeAlso", "href": item.address, "contenttype": "text/html"})
    for picture in item.pictures:
        add(meta, "link", attributes={"rel": "irel:seeAlso", "residref": picture.uri, "contenttype": "image/jpeg"})
    _content_meta(news, item)
    inline = add(add(news, "contentSet"), "inlineXML", attributes={"contenttype": "application/xhtml+xml"})
    inline.append(html_document(item.body, item.headline))


def _news_item(items: Element, uri: str, item: Item) -> Element:
    news = add(
        items,
        "newsItem",
        attributes={
            "guid": uri,
            "version": item.version if item.version.isdecimal() and int(item.version) else "1",
            "standard": "NewsML-G2",
            "standardversion": "2.35",
            "conformance": "power",
            **({"xml:lang": item.language} if item.language else {}),
        },
    )
    add(news, "catalogRef", attributes={"href": CATALOG})
    catalog = add(news, "catalog")  # the schemes of our own
    for alias in ("role", "note"):
        base = item.provider_address or item.uri
        add(catalog, "scheme", attributes={"alias": alias, "uri": f"{base}/#{alias}-"})
    return news


def _item_meta(news: Element, kind: str, item: Item) -> Element:
    meta = add(news, "itemMeta")
    add(meta, "itemClass", attributes={"qcode": kind})
    _named(meta, "provider", item.provider, {"uri": item.provider_address} if item.provider_address else {})
    add(meta, "versionCreated", _moment(item.changed))
    if item.first_published:
        add(meta, "firstCreated", _moment(item.first_published))
    if item.embargoed_until:
        add(meta, "embargoed", _moment(item.embargoed_until))
    add(meta, "pubStatus", attributes={"qcode": f"stat:{item.status}"})
    if item.section and item.section.uri and kind == "ninat:text":  # the format wants an address or a code
        _named(meta, "service", item.section.name, {"uri": item.section.uri})
    return meta


def _content_meta(news: Element, item: Item) -> None:
    meta = add(news, "contentMeta")
    if item.urgency:
        add(meta, "urgency", str(item.urgency))
    if item.place:
        _named(meta, "located", item.place)
    if item.agency:
        _named(meta, "infoSource", item.agency)
    for one in item.contributors:
        tag = "contributor" if one.role in ("additional", "editing") else "creator"
        _named(meta, tag, one.name, {"role": f"role:{one.role}", **({"uri": one.uri} if one.uri else {})})
    if item.language:
        add(meta, "language", attributes={"tag": item.language})
    for topic in item.topics:
        _named(meta, "subject", topic.name, {"uri": topic.uri} if topic.uri else {})
    _add_some(meta, "slugline", item.slugline)
    _add_some(meta, "headline", item.headline)
    _add_some(meta, "dateline", item.dateline)
    _add_some(meta, "by", item.byline)
    _add_some(meta, "description", item.standfirst, {"role": "drol:summary"})


def _picture(items: Element, picture: PictureItem, item: Item) -> None:
    news = _news_item(items, picture.uri, item)
    if picture.copyright_notice or picture.rights_page:
        rights = add(news, "rightsInfo")
        link = {"href": picture.rights_page} if picture.rights_page else {}
        add(rights, "copyrightNotice", picture.copyright_notice, link)
    _item_meta(news, "ninat:picture", item)
    meta = add(news, "contentMeta")
    if picture.creator:
        _named(meta, "creator", picture.creator, {"role": "role:photography"})
    _add_some(meta, "creditline", picture.credit)
    _add_some(meta, "description", picture.caption, {"role": "drol:caption"})
    _add_some(meta, "description", picture.alt, {"role": "drol:altText"})
    if picture.renditions:
        content = add(news, "contentSet")
        for one in picture.renditions:
            size = {"width": str(one.width), "height": str(one.height)} if one.width and one.height else {}
            add(content, "remoteContent", attributes={"href": one.address, "contenttype": one.media_type, **size})


def _named(parent: Element, tag: str, name: str, attributes: dict[str, str] | None = None) -> None:
    """An element for a concept: by its address where it has one, and by its name."""
    given = dict(attributes or {})
    if "uri" not in given and tag == "provider":
        given["literal"] = "-".join(name.split()) or "unnamed"
    add(add(parent, tag, attributes=given), "name", name)


def _add_some(parent: Element, tag: str, words: str, attributes: dict[str, str] | None = None) -> None:
    if words:
        add(parent, tag, words, attributes)


def _moment(moment: datetime | None) -> str:
    """A moment that was never told is the beginning of the reckoning: the format demands one."""
    return moment.isoformat(timespec="seconds") if moment else "1970-01-01T00:00:00+00:00"
