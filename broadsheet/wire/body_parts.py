"""A body of HTML, from whatever system, as the parts in which the desk keeps it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

from broadsheet.core.text import foreign_html, plain
from broadsheet.core.xml import Element
from broadsheet.wire.markup import BLOCKS, HEADS, html_tree, inside

LONGEST_SUBHEAD = 200
LONGEST_SPEAKER = 120  # characters; what is longer is no name
_LISTS = {"ul", "ol"}
_KEPT = {"b": "b", "strong": "b", "i": "i", "em": "i", "cite": "i", "code": "code"}  # as the desk's editor writes them
_DATELINE = re.compile(
    r"<p>(?P<place>[^\W\d_]{2}[^()<>]{1,110}?) \((?P<agency>[^()<>]{1,80})\) ?[-–—]{1,2} ?(?=\S)", re.UNICODE
)

Run = list[Element | str]


@dataclass(frozen=True)
class BodyPart:
    """One part: a paragraph (HTML), a subhead (text), a list (HTML of each item), a quotation, a picture."""

    kind: str
    text: str = ""
    items: tuple[str, ...] = ()
    speaker: str = ""
    source: str = ""  # a picture's address, as the body names it
    alt: str = ""

    def as_block(self) -> tuple[str, Any]:
        """As the desk stores it; a picture is not stored by its address."""
        if self.kind == "list":
            return "list", list(self.items)
        if self.kind == "quotation":
            return "quotation", {"words": self.text, "speaker": self.speaker}
        return self.kind, self.text


def parts_of(html: str) -> list[BodyPart]:
    """The parts of a body; what is neither subhead, list, quotation nor picture is a paragraph."""
    return list(_parts(inside(html_tree(foreign_html(html)))))


def dateline_off(html: str) -> tuple[str, str, str]:
    """Place, agency and the body without them, where it begins "SOCHI, Russia (Reuters) - "."""
    html = html.lstrip()
    found = _DATELINE.match(html)
    if not found or not found["place"].split(",")[0].isupper():
        return "", "", html
    return plain(found["place"]), plain(found["agency"]), f"<p>{html[found.end() :]}"


def _parts(run: Run) -> Iterator[BodyPart]:
    for piece in _pieces(run):
        yield from _paragraph(piece) if isinstance(piece, list) else _block(piece)


def _pieces(run: Run) -> Iterator[Element | Run]:
    """Blocks, and what runs on between them."""
    between: Run = []
    for each in run:
        if isinstance(each, str) or each.tag not in BLOCKS:
            between.append(each)
            continue
        yield between
        yield each
        between = []
    yield between


def _block(element: Element) -> Iterator[BodyPart]:
    tag, words = element.tag, _words(inside(element))
    if tag == "blockquote":
        yield from _pictures([element])
        yield from _quotation(element)
    elif tag in _LISTS:
        yield from _pictures([element])
        yield from _list(element)
    elif tag in HEADS and words and len(words) <= LONGEST_SUBHEAD:
        yield from _pictures([element])
        yield BodyPart("subhead", words)
    elif tag == "figure" and element.find(".//img") is not None:
        yield from _pictures([element])
    else:
        yield from _parts(inside(element))


def _paragraph(run: Run) -> Iterator[BodyPart]:
    yield from _pictures(run)
    html = _running(run)
    if plain(html):
        yield BodyPart("paragraph", f"<p>{html}</p>")


def _pictures(run: Run) -> Iterator[BodyPart]:
    for element in run:
        if isinstance(element, str):
            continue
        captions = [_words(inside(each)) for each in element.iter("figcaption")]
        for image in element.iter("img"):
            caption = captions[0] if captions else ""
            yield BodyPart("picture", caption, source=image.get("src", ""), alt=image.get("alt", ""))


def _quotation(element: Element) -> Iterator[BodyPart]:
    """Somebody's words set apart: plain text in paragraphs, and whose they are."""
    speaker = _speaker(element)
    if words := "\n\n".join(_paragraphs(inside(element))):
        yield BodyPart("quotation", words, speaker=speaker)


def _speaker(element: Element) -> str:
    """Whose words a quotation is, where it says so at its end; taken out of it. Elsewhere `cite` names a work."""
    said = [each for each in inside(element) if not isinstance(each, str) or each.strip()]
    last = said[-1] if len(said) > 1 else ""
    if isinstance(last, str) or len(words := _words(inside(last))) > LONGEST_SPEAKER:
        return ""
    cites = [each for each in last.iter("cite") if words and _words(inside(each)) == words]
    for cite in cites:
        cite.text, cite[:] = "", []
    return words if cites else ""


def _paragraphs(run: Run) -> Iterator[str]:
    for piece in _pieces(run):
        if not isinstance(piece, list):
            yield from _paragraphs(inside(piece))
        elif words := _lines(piece):
            yield words


def _list(element: Element) -> Iterator[BodyPart]:
    """A list; one that is numbered, or has another in it, is a paragraph: so the desk keeps those."""
    if element.tag == "ul" and not any(each.tag in _LISTS for each in element.iter() if each is not element):
        items = (_running(inside(item)) for item in element)
        if found := tuple(item for item in items if plain(item)):
            yield BodyPart("list", items=found)
    elif plain(html := _nested(element)):
        yield BodyPart("paragraph", html)


def _nested(element: Element) -> str:
    items = []
    for item in element:
        if item.tag in _LISTS:
            items.append(_nested(item))
            continue
        lists = "".join(_nested(each) for each in item if each.tag in _LISTS)
        words = _running([each for each in inside(item) if isinstance(each, str) or each.tag not in _LISTS])
        if words or lists:
            items.append(f"<li>{words}{lists}</li>")
    return f"<{element.tag}>{''.join(items)}</{element.tag}>"


def _running(run: Run) -> str:
    """Running text with emphasis and links, as the desk's editor writes it."""
    return re.sub(r"^(?:\s|<br/>)+|(?:\s|<br/>)+$", "", "".join(map(_html, run)))


def _html(each: Element | str) -> str:
    if isinstance(each, str):
        return escape(re.sub(r"[ \t\r\n\f]+", " ", each), quote=False)
    if each.tag == "br":
        return "<br/>"
    html = "".join(map(_html, inside(each)))
    if each.tag == "a" and (address := each.get("href", "")) and html:
        return f'<a href="{escape(address)}">{html}</a>'
    tag = _KEPT.get(each.tag)
    if tag and html:
        return f"<{tag}>{html}</{tag}>"
    return html + _gap(each)


def _words(run: Run) -> str:
    """Text alone, in one line."""
    return " ".join(_lines(run).split())


def _lines(run: Run) -> str:
    """Text alone, line by line."""
    lines = (" ".join(line.split()) for line in "".join(map(_said, run)).split("\n"))
    return "\n".join(filter(None, lines))


def _said(each: Element | str) -> str:
    if isinstance(each, str):
        return re.sub(r"\s+", " ", each)
    if each.tag == "br":
        return "\n"
    return "".join(map(_said, inside(each))) + _gap(each)


def _gap(element: Element) -> str:
    """What keeps words apart that stand in blocks or cells of their own."""
    return " " if element.tag in BLOCKS or element.tag in {"td", "th"} else ""
