"""The discussion on a captured page: policy lines, "Comments (4)", each comment with its name and moment, the close."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import zip_longest

from broadsheet.wire.pages.moments import MOMENT, UnknownMoment, exact_moment
from broadsheet.wire.pages.sheet import Line, Sheet

_POLICY = re.compile(r"we welcome comments that advance the story\b.*", re.IGNORECASE)
_HEADING = re.compile(r"comments? \((?P<count>\d{1,3}(?:,\d{3})+|\d{1,9})\)", re.IGNORECASE)
_HEADER = re.compile(r"(?P<name>\S.{0,119}?) wrote:")
_FOOTER = re.compile(rf"{MOMENT.pattern} [-–—]{{1,2}} report as abuse", re.IGNORECASE)
_CLOSED = re.compile(r"this discussion is now closed\b.*", re.IGNORECASE)
_FURNITURE = {
    "full focus": "the heading of the site's picture series",
    "full focus »": "the heading of the site's picture series",
    "here": "the address of the policy page",
    "here.": "the address of the policy page",
    "see all comments": "a link of the page",
    "add your comment": "a link of the page",
    "post your comment": "a link of the page",
}
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")


@dataclass(frozen=True)
class PageComment:
    """One comment as the page shows it; `words` may be empty."""

    author_name: str
    words: str
    written_at: datetime  # UTC, exact


@dataclass(frozen=True)
class Talk:
    """The discussion of one page."""

    comments: tuple[PageComment, ...]
    claimed: int | None
    closed: bool


def start(sheet: Sheet) -> int:
    """The index of the first line that belongs to the discussion, or the number of lines."""
    for known in (_POLICY, _HEADING, _CLOSED):
        for line in sheet.lines:
            if known.fullmatch(line.words):
                return line.index
    footer = next((line.index for line in sheet.lines if _FOOTER.fullmatch(line.words)), None)
    if footer is None:
        return len(sheet.lines)
    headers = [line.index for line in sheet.lines[:footer] if _HEADER.fullmatch(line.words)]
    return headers[0] if headers else footer


def read(sheet: Sheet, first: int, zone: tzinfo | None) -> Talk:
    """The discussion from line `first` on. A comment whose moment cannot be made exact is left on the sheet."""
    claimed: int | None = None
    closed = False
    comments: list[PageComment] = []
    ends = _ends(sheet, first)
    at = first
    while at < len(sheet.lines):
        line = sheet.lines[at]
        at += 1
        if _HEADER.fullmatch(line.words) and (end := next((found for found in ends if found >= at), None)) is not None:
            ends = ends[ends.index(end) + 1 :]
            if comment := _comment(sheet, line, sheet.lines[end], zone):
                comments.append(comment)
            at = end + 1
        elif claimed is None and (heading := _HEADING.fullmatch(line.words)):
            claimed = int(heading["count"].replace(",", ""))
            sheet.know(line, "the number of comments")
        elif _CLOSED.fullmatch(line.words):
            closed = True
            sheet.know(line, "the notice that the discussion is closed")
        else:
            _set_aside(sheet, line)
    return Talk(tuple(comments), claimed, closed)


def _set_aside(sheet: Sheet, line: Line) -> None:
    if _POLICY.fullmatch(line.words):
        sheet.know(line, "the comment policy and its disclaimer")
    elif why := _FURNITURE.get(line.words.casefold()):
        sheet.know(line, why)
    elif _ADDRESS.fullmatch(line.words):
        sheet.know(line, "an address of the site")
    elif _HEADER.fullmatch(line.words):
        sheet.leave(line, "begins a comment that has no moment under it")
    elif _FOOTER.fullmatch(line.words):
        sheet.leave(line, "ends a comment that has no name above it")
    else:
        sheet.leave(line, "belongs to no comment")


def _ends(sheet: Sheet, first: int) -> list[int]:
    """The indexes of the lines that end comments, in order.

    A comment may quote another one, moment and all. So a moment ends a comment only if, before the next moment, another
    comment's name or the notice of the close comes; what stands between is then an intruder, and no comment's words.
    """
    footers = [line.index for line in sheet.lines[first:] if _FOOTER.fullmatch(line.words)]
    return [
        footer
        for footer, following in zip_longest(footers, footers[1:])
        if following is None or _next_begins(sheet, footer + 1, following)
    ]


def _next_begins(sheet: Sheet, first: int, following: int) -> bool:
    return any(_HEADER.fullmatch(line.words) or _CLOSED.fullmatch(line.words) for line in sheet.lines[first:following])


def _comment(sheet: Sheet, header: Line, footer: Line, zone: tzinfo | None) -> PageComment | None:
    name, moment = _HEADER.fullmatch(header.words), _FOOTER.fullmatch(footer.words)
    assert name is not None and moment is not None
    try:
        written_at = exact_moment(moment, zone)
    except UnknownMoment as fault:
        for line in sheet.lines[header.index : footer.index + 1]:
            sheet.leave(line, f"is part of a comment whose moment cannot be made exact: {fault}")
        return None
    words = "\n".join(line.text for line in sheet.lines[header.index + 1 : footer.index]).strip()
    return PageComment(name["name"], words, written_at)
