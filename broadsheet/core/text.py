"""The one cleaner of text. Whatever a person or a file sends in passes `readable`; whatever goes out as HTML passes
`comment_html` or `story_html`. Nothing else in Broadsheet calls a Markdown or HTML
library (an import contract says so).
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

import nh3
from markdown_it import MarkdownIt

from broadsheet.core.refusals import Unacceptable

SAFE_SCHEMES = {"http", "https", "mailto"}
MARKS_PER_LETTER = 4  # Vietnamese needs 2, Tibetan and pointed Hebrew 4; "zalgo" uses dozens

# Control characters but tab and line feed; the bidi controls that reorder their neighbours; interlinear anchors.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\U000e0000-\U000e007f]")
_BLANK = re.compile(
    "[\\s\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0]+"
)

COMMENT_TAGS = {"p", "br", "em", "strong", "blockquote", "ul", "ol", "li", "a", "code"}
STORY_TAGS = COMMENT_TAGS | {
    "h2",
    "h3",
    "hr",
    "figure",
    "figcaption",
    "cite",
    "picture",
    "source",
    "img",
    "div",
    "span",
}
STORY_ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "srcset", "sizes", "alt", "width", "height", "loading", "decoding"},
    "source": {"srcset", "sizes", "type", "width", "height"},
    "figure": {"class"},
    "blockquote": {"class"},
    "div": {"class"},
    "span": {"class"},
    "p": {"class"},
}


def readable(text: str, *, most: int, what: str, lines: bool = True) -> str:
    """The text as it may be stored: valid Unicode, no control or reordering characters, at most `most` characters.

    `what` names the field in the refusal. With `lines` false the text is one line. Raises Unacceptable.
    """
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise Unacceptable(f"The {what} has a character that no program can read; please type it again.") from None
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _CONTROLS.sub("", text)
    text = _cap_marks(text)
    text = text.strip() if lines else " ".join(text.split())
    if len(text) > most:
        raise Unacceptable(f"The {what} has {len(text):,} characters; at most {most:,} can be taken.")
    return text


def is_blank(text: str) -> bool:
    """True for text in which there is nothing to see."""
    return not _BLANK.sub("", text)


def _cap_marks(text: str) -> str:
    if text.isascii():
        return text
    kept, marks = [], 0
    for letter in text:
        marks = marks + 1 if unicodedata.category(letter) in {"Mn", "Me"} else 0
        if marks <= MARKS_PER_LETTER:
            kept.append(letter)
    return "".join(kept)


@cache
def _markdown() -> MarkdownIt:
    parser = MarkdownIt("zero", {"html": False, "linkify": True, "breaks": True, "maxNesting": 20})
    return parser.enable(
        ["emphasis", "link", "autolink", "list", "blockquote", "backticks", "newline", "escape", "linkify", "entity"]
    )


def comment_html(body: str) -> str:
    """A comment's body as HTML: emphasis, quotation, lists and links of CommonMark, all else as plain text."""
    return clean_comment_html(_markdown().render(body))


def clean_comment_html(html: str) -> str:
    """Only the tags a comment may have; every link is marked as a reader's own (rel="ugc nofollow")."""
    return nh3.clean(
        html,
        tags=COMMENT_TAGS,
        attributes={"a": {"href"}},
        url_schemes=SAFE_SCHEMES,
        link_rel="ugc nofollow noopener",
        strip_comments=True,
    )


def story_html(html: str) -> str:
    """Only the tags a story's body may have; the desk's own markup passes here too, on the way in and the way out."""
    return nh3.clean(
        html,
        tags=STORY_TAGS,
        attributes=STORY_ATTRIBUTES,
        url_schemes=SAFE_SCHEMES,
        link_rel="noopener",
        strip_comments=True,
        attribute_filter=_own_pictures_only,
    )


def _own_pictures_only(tag: str, attribute: str, value: str) -> Any:
    if tag == "img" and attribute == "src":
        return value if value.startswith("/media/") else None
    if attribute == "srcset":
        return value if all(part.strip().startswith("/media/") for part in value.split(",")) else None
    return value


def plain(html: str) -> str:
    """The words of cleaned HTML without its tags, for search, descriptions and counting."""
    spaced = re.sub(r"</(?:p|li|h2|h3|blockquote|figcaption)>|<br>", " ", html)
    return " ".join(_unescape(nh3.clean(spaced, tags=set())).split())


def _unescape(text: str) -> str:
    from html import unescape

    return unescape(text)
