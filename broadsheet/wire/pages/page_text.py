"""Plain-text captures of published story pages: headline, dateline, picture lines, body, credits, discussion.

Pure: bytes in, a PageText out, no database. docs/importing.md describes the anatomy that is recognised. Each line that
is neither stored nor known furniture of such a page comes back as a Remark, so that nothing is lost in silence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from unicodedata import normalize

from broadsheet.core.text import readable
from broadsheet.wire.pages import discussion_text, picture_text
from broadsheet.wire.pages.credits_text import CREDIT_START, Credited, read_credits
from broadsheet.wire.pages.discussion_text import PageComment
from broadsheet.wire.pages.moments import MOMENT, UnknownMoment, exact_moment, names_another_day
from broadsheet.wire.pages.sheet import Line, Remark, Sheet

MOST_BYTES = 5_000_000  # a page of 10,000 long comments; a larger file is something else
LONGEST_HEADLINE = 200
DATELINE_WITHIN = 12  # lines with words on them, from the top: a page has its dateline under its headline
LONGEST_SUBHEAD = 80
LONGEST_DATELINE = 300  # a longer line is not one; also keeps the pattern's cost small

_DATELINE = re.compile(rf"(?P<place>.*?)[ ,]*\b{MOMENT.pattern}", re.IGNORECASE)
_AGENCY_LINE = re.compile(r"(?P<place>[^()]{2,120}?) \((?P<agency>[^()]{1,80})\) [-–—]{1,2} (?P<text>\S.*)")
_HTML = re.compile(r"\s*(?:<!doctype|<html|<\?xml|<head|<body|<script|%PDF)", re.IGNORECASE)


class UnreadablePage(ValueError):
    """The file is not a capture of a story page; the message is a sentence that says why."""


@dataclass(frozen=True)
class Part:
    """One part of the body: a paragraph or a subhead, as plain text."""

    kind: str
    text: str


@dataclass(frozen=True)
class PageText:
    """What one captured page says."""

    headline: str
    place: str
    moment: datetime  # UTC, exact
    agency: str = ""
    caption: str = ""
    creator: str = ""
    picture_credit: str = ""
    topics: tuple[str, ...] = ()
    body: tuple[Part, ...] = ()
    credits: tuple[Credited, ...] = ()
    comments: tuple[PageComment, ...] = ()
    claimed: int | None = None  # the number in "Comments (4)"; None where the page has no such line
    closed: bool = False
    encoding: str = field(default="UTF-8", compare=False)
    furniture: tuple[Remark, ...] = field(default=(), compare=False)  # recognised, and nothing of the story's
    unplaced: tuple[Remark, ...] = field(default=(), compare=False)  # could not be placed


def read(data: bytes, zone: tzinfo | None = None) -> PageText:
    """The page in these bytes. `zone` is the newsroom's, for zone letters used in several countries.

    Raises UnreadablePage with the reason.
    """
    if len(data) > MOST_BYTES:
        raise UnreadablePage(f"It has more than {MOST_BYTES // 1_000_000} million bytes: no story page is that long.")
    text, encoding = _decoded(data)
    sheet = _sheet(text)
    headline, dateline = _top(sheet)
    place, moment = _dateline(dateline, sheet, zone)
    end = discussion_text.start(sheet)
    story = _Story(*_agency_line(sheet, dateline, end, place))
    picture = picture_text.read(sheet, after=dateline.index, before=story.first)
    body, credits = _body(sheet, story.first, end, story.opening)
    talk = discussion_text.read(sheet, end, zone)
    if story.place and place and story.place != place:
        sheet.note(sheet.lines[story.first], f"the body is filed from {story.place}; the line under the headline wins")
    if not body:
        raise UnreadablePage("There is a headline and a dateline in it, but no story under them.")
    if not (place or story.place):
        raise UnreadablePage(f"Line {dateline.number} says when the story was filed, but no line says where.")
    return PageText(
        headline=headline.words,
        place=place or story.place,
        moment=moment,
        agency=story.agency,
        caption=picture.caption,
        creator=picture.creator,
        picture_credit=picture.credit,
        topics=picture.topics,
        body=body,
        credits=credits,
        comments=talk.comments,
        claimed=talk.claimed,
        closed=talk.closed,
        encoding=encoding,
        furniture=tuple(sorted(sheet.furniture, key=lambda remark: remark.line)),
        unplaced=tuple(sorted(sheet.unplaced, key=lambda remark: remark.line)),
    )


def _decoded(data: bytes) -> tuple[str, str]:
    if not data.strip():
        raise UnreadablePage("There is nothing in it.")
    for marks, name in ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"), (b"\xef\xbb\xbf", "UTF-8 with its mark")):
        if data.startswith(marks):
            try:
                return data.decode("utf-16" if name == "UTF-16" else "utf-8-sig"), name
            except UnicodeDecodeError:
                raise UnreadablePage(f"It begins like {name} text, and then is not.") from None
    try:
        return data.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252"), "CP1252, as it is not UTF-8"
    except UnicodeDecodeError:
        raise UnreadablePage("It is not text in UTF-8 or CP1252.") from None


def _sheet(text: str) -> Sheet:
    """The lines, each made readable; what that leaves out of a line is remarked."""
    if sum(text.count(control) for control in map(chr, range(9))) > max(20, len(text) // 100):
        raise UnreadablePage("It is full of control characters: it is a program's file, not a page's text.")
    if _HTML.match(text.lstrip("\ufeff")):
        raise UnreadablePage("It is HTML or a PDF, not the plain text of a page: save the page as text first.")
    sheet = Sheet()
    for index, raw in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")):
        clean = readable(raw, most=len(raw) * 3 + 1, what="line")
        line = Line(index, clean)
        sheet.lines.append(line)
        if clean != normalize("NFC", raw).strip():
            sheet.note(line, "characters in it that cannot be seen, or that turn text round, were left out")
    return sheet


def _top(sheet: Sheet) -> tuple[Line, Line]:
    """The headline and the dateline."""
    filled = [line for line in sheet.lines if line.words][:DATELINE_WITHIN]
    if not filled:
        raise UnreadablePage("There is nothing in it.")
    dateline = next((line for line in filled[1:] if _is_dateline(line)), None)
    if dateline is None:
        raise UnreadablePage(
            'No line near its top is a dateline, such as "SOCHI, Russia Sat Feb 8, 2014 1:05pm EST": '
            "it is not the text of a story page."
        )
    if len(filled[0].words) > LONGEST_HEADLINE:
        raise UnreadablePage(f"Its first line is too long for a headline ({len(filled[0].words)} characters).")
    for line in filled[1:]:
        if line.index >= dateline.index:
            break
        sheet.leave(line, "stands between the headline and the dateline")
    return filled[0], dateline


def _is_dateline(line: Line) -> bool:
    return len(line.words) <= LONGEST_DATELINE and _DATELINE.fullmatch(line.words) is not None


def _dateline(line: Line, sheet: Sheet, zone: tzinfo | None) -> tuple[str, datetime]:
    words = _DATELINE.fullmatch(line.words)
    assert words is not None
    try:
        moment = exact_moment(words, zone)
    except UnknownMoment as fault:
        raise UnreadablePage(f"The dateline on line {line.number} cannot be made exact: {fault}.") from None
    if names_another_day(words):
        sheet.note(line, f"that day was no {words['day_name']}; the date was taken")
    return words["place"].strip(" ,"), moment


@dataclass(frozen=True)
class _Story:
    """Where the body begins, and what its first line says before the dash."""

    first: int
    place: str
    agency: str
    opening: str  # the first paragraph without "PLACE (Agency) - ", which the story page prints itself


def _agency_line(sheet: Sheet, dateline: Line, end: int, place: str) -> tuple[int, str, str, str]:
    for line in sheet.lines[dateline.index + 1 : end]:
        found = _AGENCY_LINE.fullmatch(line.words)
        if found and (found["place"] == place or found["place"].split()[0].isupper()):
            return line.index, found["place"], found["agency"], found["text"]
    first = picture_text.end_of_block(sheet, dateline.index, end)
    if first < end:
        sheet.note(sheet.lines[first], 'the body begins without "PLACE (Agency) -": no agency is credited')
    return first, "", "", ""


def _body(sheet: Sheet, first: int, end: int, opening: str) -> tuple[tuple[Part, ...], tuple[Credited, ...]]:
    """The body's parts and the credits under it."""
    parts: list[Part] = []
    credits: list[Credited] = []
    blocks = sheet.blocks(first, end)
    for position, block in enumerate(blocks):
        words = " ".join(line.words for line in block)
        if CREDIT_START.match(words):
            credits += read_credits(words, block[0], sheet)
            continue
        if position == 0 and opening:
            words = " ".join([opening, *(line.words for line in block[1:])])
        subhead = len(block) == 1 and 0 < position < len(blocks) - 1 and _is_subhead(words)
        parts.append(Part("subhead" if subhead else "paragraph", words))
    return tuple(parts), tuple(dict.fromkeys(credits))


def _is_subhead(words: str) -> bool:
    """The agencies set subheads in capitals on a line of their own."""
    letters = [letter for letter in words if letter.isalpha()]
    return len(letters) > 1 and words.isupper() and len(words) <= LONGEST_SUBHEAD and words[-1] not in '.!?:;"”'
