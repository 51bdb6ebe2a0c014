"""Clean HTML as XML elements, and back: NewsML-G2 holds a body as XHTML. Pure."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

from broadsheet.core.text import wire_html

XHTML = "http://www.w3.org/1999/xhtml"
_VOID = {"br", "hr", "img"}
# What XML 1.0 cannot hold, whatever is written before it.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(words: str) -> str:
    """The words without the few characters that no XML may hold."""
    return _NO_XML.sub("", words)


class _Builder(HTMLParser):
    """HTML as our one cleaner leaves it: every element that is not empty is closed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tree = ElementTree.TreeBuilder()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tree.start(tag, {name: xml_text(value or "") for name, value in attrs})
        if tag in _VOID:
            self.tree.end(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            self.tree.end(tag)

    def handle_data(self, data: str) -> None:
        self.tree.data(xml_text(data))


def html_document(body: str, title: str) -> ElementTree.Element:
    """A cleaned body as an XHTML document."""
    builder = _Builder()
    builder.tree.start("html", {"xmlns": XHTML})
    builder.tree.start("head", {})
    builder.tree.start("title", {})
    builder.tree.data(xml_text(title))
    builder.tree.end("title")
    builder.tree.end("head")
    builder.tree.start("body", {})
    builder.feed(wire_html(body))
    builder.close()
    builder.tree.end("body")
    return builder.tree.end("html")


def html_of(element: Any) -> str:
    """What stands in an XML element, of whatever namespace, as cleaned HTML."""
    for each in element.iter():
        if isinstance(each.tag, str):
            each.tag = local(each.tag)
    inside = "".join(ElementTree.tostring(child, encoding="unicode", method="html") for child in element)
    return wire_html(_escaped(element.text or "") + inside)


def local(tag: Any) -> str:
    """The name of an element without its namespace; nothing for a comment."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
