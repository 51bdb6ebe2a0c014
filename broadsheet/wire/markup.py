"""Clean HTML as XML elements, and back: NewsML-G2 holds a body as XHTML. Pure."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from broadsheet.core.text import wire_html
from broadsheet.core.xml import Element, TreeBuilder, local, tostring, xml_text

XHTML = "http://www.w3.org/1999/xhtml"
DEEPEST = 50  # elements in one another; of those below the words stay: Python goes through a tree by calling itself
_VOID = {"br", "hr", "img"}


class _Builder(HTMLParser):
    """HTML as our one cleaner leaves it: every element that is not empty is closed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tree = TreeBuilder()
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            self.tree.start(tag, {name: xml_text(value or "") for name, value in attrs})
            self.tree.end(tag)
            return
        self._depth += 1
        if self._depth <= DEEPEST:
            self.tree.start(tag, {name: xml_text(value or "") for name, value in attrs})

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if self._depth <= DEEPEST:
            self.tree.end(tag)
        self._depth -= 1

    def handle_data(self, data: str) -> None:
        self.tree.data(xml_text(data))


def html_document(body: str, title: str) -> Element:
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
    inside = "".join(html_with_itself(child) for child in element)
    return wire_html(escaped(element.text) + inside)


def html_with_itself(element: Any) -> str:
    """An element and what follows it inside its parent, as HTML that nobody has cleaned."""
    written: str = tostring(element, encoding="unicode", method="html")
    return written


def escaped(words: str | None) -> str:
    """Text as it stands in HTML."""
    return (words or "").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
