"""A body of HTML as the parts in which the desk keeps it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from broadsheet.core.text import plain, wire_html
from broadsheet.core.xml import local
from broadsheet.wire.markup import escaped, html_document, html_with_itself

LONGEST_SUBHEAD = 200
_BLOCKS = {"p", "h2", "h3", "ul", "ol", "blockquote", "figure", "img", "hr"}
_DATELINE = re.compile(
    r"<p>(?P<place>[^\W\d_]{2}[^()<>]{1,110}?) \((?P<agency>[^()<>]{1,80})\) ?[-–—]{1,2} ?(?=\S)", re.UNICODE
)


@dataclass(frozen=True)
class BodyPart:
    """One part: a paragraph (HTML), a subhead (text), a list (HTML of each item), a quotation, a picture."""

    kind: str
    text: str = ""
    items: tuple[str, ...] = ()
    speaker: str = ""
    source: str = ""  # a picture's address, as the body names it
    alt: str = ""


def parts_of(html: str) -> list[BodyPart]:
    """The parts of a body that `wire_html` has cleaned."""
    body = html_document(html, "").find("body")
    return [part for part in _parts(body) if part.kind != "paragraph" or plain(part.text)] if body is not None else []


def dateline_off(html: str) -> tuple[str, str, str]:
    """Place, agency and the body without them, where it begins "SOCHI, Russia (Reuters) - "."""
    html = html.lstrip()
    found = _DATELINE.match(html)
    if not found or not found["place"].split(",")[0].isupper():
        return "", "", html
    return plain(found["place"]), plain(found["agency"]), f"<p>{html[found.end() :]}"


def _parts(body: Any) -> Iterator[BodyPart]:
    loose = escaped(body.text)
    for child in body:
        tag = local(child.tag)
        tail, child.tail = child.tail, None
        if tag not in _BLOCKS:
            loose += html_with_itself(child) + escaped(tail)
            continue
        if loose.strip():
            yield BodyPart("paragraph", f"<p>{loose.strip()}</p>")
        yield from _block(child, tag)
        loose = escaped(tail)
    if loose.strip():
        yield BodyPart("paragraph", f"<p>{loose.strip()}</p>")


def _block(element: Any, tag: str) -> Iterator[BodyPart]:
    if tag in {"figure", "img"}:
        yield from _pictures(element)
    elif tag == "blockquote":
        yield _quotation(element)
    elif tag in {"h2", "h3"} and len(_words(element)) <= LONGEST_SUBHEAD:
        yield from [BodyPart("subhead", _words(element))] if _words(element) else []
    elif tag == "ul" and not any(
        local(inner.tag) in {"ul", "ol", "p"} for inner in element.iter() if inner is not element
    ):
        yield BodyPart("list", items=tuple(_inside(item) for item in element if _words(item)))
    elif tag != "hr":
        yield from _pictures(element)
        yield BodyPart("paragraph", wire_html(_without_pictures(html_with_itself(element))))


def _pictures(element: Any) -> Iterator[BodyPart]:
    caption = next((_words(each) for each in element.iter() if local(each.tag) == "figcaption"), "")
    for image in element.iter():
        if local(image.tag) == "img":
            yield BodyPart("picture", caption, source=image.get("src", ""), alt=image.get("alt", ""))


def _quotation(element: Any) -> BodyPart:
    cites = [each for each in element.iter() if local(each.tag) == "cite"]
    speaker = _words(cites[0]) if cites else ""
    for cite in cites:
        cite.text, cite[:] = "", []
    paragraphs = [_words(each) for each in element if local(each.tag) == "p"]
    return BodyPart("quotation", "\n\n".join(filter(None, paragraphs)) or _words(element), speaker=speaker)


def _words(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _inside(element: Any) -> str:
    return wire_html(escaped(element.text) + "".join(html_with_itself(child) for child in element))


def _without_pictures(html: str) -> str:
    return re.sub(r"<img[^>]*>", "", html)
