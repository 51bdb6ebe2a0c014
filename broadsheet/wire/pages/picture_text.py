"""The lines between dateline and body: the picture's caption and credit without the picture, and the topics."""

from __future__ import annotations

import re
from dataclasses import dataclass

from broadsheet.wire.pages.sheet import Line, Sheet

LONGEST_TOPIC = 80
LONGEST_CAPTION = 1500  # a longer line is none; also keeps the pattern's cost small

_CREDIT = re.compile(r"credit: ?(?P<credit>\S.*)", re.IGNORECASE)
_SIGNED = re.compile(r"(?P<caption>.+[.!?\"”’)]) (?P<credit>(?P<house>[A-Z][A-Z&. ]*[A-Z])/(?P<creator>[^/]{2,80}))")
_TOPICS = re.compile(r"related topics:?", re.IGNORECASE)
_ENDS_LIKE_PROSE = (".", "!", "?", ":", ";", '"', "”", ",")


@dataclass(frozen=True)
class PictureBlock:
    """What stands above the body: empty strings and tuples for what is missing."""

    caption: str
    creator: str
    credit: str
    topics: tuple[str, ...]


def read(sheet: Sheet, *, after: int, before: int) -> PictureBlock:
    """The picture's facts and the topics on the lines between `after` and `before`."""
    lines = [line for line in sheet.lines[after + 1 : before] if line.words]
    heading = next((line for line in lines if _TOPICS.fullmatch(line.words)), None)
    above = [line for line in lines if heading is None or line.index < heading.index]
    below = [line for line in lines if heading is not None and line.index > heading.index]
    credit = _credit(above, sheet)
    caption, creator, signed = _caption([line for line in above if not _CREDIT.fullmatch(line.words)], credit, sheet)
    credit = credit or signed
    if not creator and "/" in credit:
        creator = credit.rpartition("/")[2].strip()
    return PictureBlock(caption, creator, credit, _topics(heading, below, sheet))


def end_of_block(sheet: Sheet, dateline: int, end: int) -> int:
    """Where the body begins on a page that names no agency: after the topics, else the credit, else the dateline."""
    last = dateline
    for line in sheet.lines[dateline + 1 : end]:
        signed = len(line.words) <= LONGEST_CAPTION and _SIGNED.fullmatch(line.words)
        if signed or _TOPICS.fullmatch(line.words) or _CREDIT.fullmatch(line.words):
            last = line.index
    first = last + 1
    topics = last != dateline and _TOPICS.fullmatch(sheet.lines[last].words)
    while first < end and (not sheet.lines[first].words or (topics and _is_topic(sheet.lines[first].words))):
        first += 1
    return first


def _credit(lines: list[Line], sheet: Sheet) -> str:
    found = [(line, match["credit"]) for line in lines if (match := _CREDIT.fullmatch(line.words))]
    for line, _ in found[1:]:
        sheet.leave(line, "a second credit; one picture is taken from a page")
    return found[0][1] if found else ""


def _caption(lines: list[Line], credit: str, sheet: Sheet) -> tuple[str, str, str]:
    """Caption, creator, and the credit that signs the caption."""
    if not lines:
        return "", "", ""
    caption, signed = _unsigned(lines[0].words, credit)
    for line in lines[1:]:
        words, again = _unsigned(line.words, credit)
        if words == caption:
            signed = signed or again
            sheet.know(line, "the caption once more")
        else:
            sheet.leave(line, "stands above the body, and is neither caption, credit nor topic")
    return caption, signed.rpartition("/")[2].strip(), signed


def _unsigned(words: str, credit: str) -> tuple[str, str]:
    """A caption without the signature at its end, and that signature."""
    if credit and words.casefold().endswith(" " + credit.casefold()):
        return words[: -len(credit)].rstrip(), words[-len(credit) :]
    if len(words) <= LONGEST_CAPTION and (match := _SIGNED.fullmatch(words)):
        return match["caption"], match["credit"]
    return words, ""


def _topics(heading: Line | None, lines: list[Line], sheet: Sheet) -> tuple[str, ...]:
    topics = []
    for line in lines:
        if _is_topic(line.words):
            topics.append(line.words.rstrip("» ").lstrip("•*- "))
        else:
            sheet.leave(line, "stands under the topics, and is no topic")
    if heading is not None:
        sheet.know(heading, "the heading of the topics" if topics else "the heading of the topics; the page shows none")
    return tuple(dict.fromkeys(topic for topic in topics if topic))


def _is_topic(words: str) -> bool:
    return len(words) <= LONGEST_TOPIC and not words.endswith(_ENDS_LIKE_PROSE)
