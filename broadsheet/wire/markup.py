"""Clean HTML as XML elements, to be looked at and written anew; and as NewsML-G2's XHTML, and back. Pure."""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser
from typing import Any

from broadsheet.core.text import wire_html
from broadsheet.core.xml import Element, TreeBuilder, add, local, tostring, xml_text

XHTML = "http://www.w3.org/1999/xhtml"
DEEPEST = 50  # elements in one another; of those below the words stay: Python goes through a tree by calling itself
HEADS = {"h1", "h2", "h3", "h4", "h5", "h6"}
BLOCKS = HEADS | {
    "p", "div", "blockquote", "figure", "figcaption", "hr", "ul", "ol", "li", "pre", "dt", "dd", "tr",
}  # fmt: skip
_VOID = {"br", "hr", "img"}


class _Builder(HTMLParser):
    """HTML as our one cleaner leaves it: every element that is not empty is closed."""

    def __init__(self, deepest: int) -> None:
        super().__init__(convert_charrefs=True)
        self.tree = TreeBuilder()
        self._deepest, self._depth = deepest, 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            self.tree.start(tag, {name: xml_text(value or "") for name, value in attrs})
            self.tree.end(tag)
            return
        self._depth += 1
        if self._depth <= self._deepest:
            self.tree.start(tag, {name: xml_text(value or "") for name, value in attrs})

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if self._depth <= self._deepest:
            self.tree.end(tag)
        self._depth -= 1

    def handle_data(self, data: str) -> None:
        self.tree.data(xml_text(data))


def html_tree(html: str, *, deepest: int = DEEPEST) -> Element:
    """HTML that the cleaner has made well-formed, as an element of its own around it."""
    builder = _Builder(deepest)
    builder.tree.start("body", {})
    builder.feed(html)
    builder.close()
    builder.tree.end("body")
    return builder.tree.close()


def html_document(body: str, title: str) -> Element:
    """A body as an XHTML document."""
    document = Element("html", {"xmlns": XHTML})
    add(add(document, "head"), "title", title)
    document.append(html_tree(wire_html(body)))
    return document


def inside(element: Element) -> list[Element | str]:
    """What stands in an element, in order: elements and the words between them."""
    found: list[Element | str] = [element.text] if element.text else []
    for child in element:
        found += [child, child.tail] if child.tail else [child]
    return found


def with_breaks(html: str) -> str:
    """What was typed in lines, as its system shows it: an empty line begins another paragraph."""
    html = html.replace("\r\n", "\n").replace("\r", "\n").strip()
    return "<p>" + re.sub(r"\n[ \t]*(?:\n[ \t]*)+", "</p><p>", html).replace("\n", "<br>") + "</p>"


def html_of(element: Any) -> str:
    """What stands in an XML element, of whatever namespace, as cleaned HTML."""
    for each in element.iter():
        if isinstance(each.tag, str):
            each.tag = local(each.tag)
    written = (tostring(child, encoding="unicode", method="html") for child in element)  # and what follows it
    return wire_html(escape(element.text or "", quote=False) + "".join(written))
