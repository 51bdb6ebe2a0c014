"""The one cleaner of text. Whatever a person or a file sends in passes `readable`; whatever goes out as HTML passes
`comment_html` or `story_html`. Nothing else in Broadsheet calls a Markdown or HTML
library (an import contract says so).
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from html import escape, unescape
from typing import Any
from urllib.parse import urlsplit

import nh3
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from broadsheet.core.language import number
from broadsheet.core.refusals import Unacceptable
from broadsheet.letters import UNSEEN

SAFE_SCHEMES = {"http", "https", "mailto"}
MARKS_PER_LETTER = 4  # Vietnamese needs 2, Tibetan and pointed Hebrew 4; "zalgo" uses dozens

# Control characters but tab and line feed; the bidi controls that reorder their neighbours; interlinear anchors; tags,
# but for those that make a black flag England's, Scotland's or Wales's (Unicode Technical Standard 51, ED-14a).
_CONTROLS = re.compile(
    "(\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,8}\U000e007f)"
    "|[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\U000e0000-\U000e007f]"
)
# Letters and marks that Unicode does not call invisible and nobody can see.
_UNSEEN = UNSEEN | {
    chr(code) for low, high in ((0x180B, 0x180F), (0xFE00, 0xFE0F), (0xE0100, 0xE01EF)) for code in range(low, high + 1)
}

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

# What a story's body is to other programs, theirs to us and ours to them: words, links and plain pictures.
WIRE_TAGS = COMMENT_TAGS | {"h2", "h3", "hr", "figure", "figcaption", "cite", "img"}
WIRE_ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt", "width", "height"}}
_OLDER_NAMES = {"b": "strong", "i": "em", "h1": "h2", "h4": "h3", "h5": "h3", "h6": "h3"}
_OLDER = re.compile(r"<(/?)(b|i|h[1456])(?=[\s>/])[^<>]*>", re.IGNORECASE)


def readable(text: str, *, most: int, what: str | Promise, lines: bool = True) -> str:
    """The text as it may be stored: valid Unicode, no control or reordering characters, at most `most` characters.

    `what` is the field's label, which stands before the refusal: "Comment: ...". With `lines` false the text is one
    line. Raises Unacceptable.
    """
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        # Translators: field is the label of what was typed, such as "Comment", "Note" or "Name".
        sentence = _("%(field)s: one of its characters is such that no program can read it; please type it again.")
        raise Unacceptable(sentence % {"field": what}) from None
    if len(text) > 8 * most + 64:  # nothing we leave out below makes that fit: spare the work
        raise _too_long(text, most, what)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    # Marks are capped before they are put in order: ordering a long run of them takes the square of its length.
    text = _CONTROLS.sub(lambda found: found[1] or "", _cap_marks(text))
    text = _cap_marks(unicodedata.normalize("NFC", text))
    text = text.strip() if lines else " ".join(text.split())
    if len(text) > most:
        raise _too_long(text, most, what)
    return text


def _too_long(text: str, most: int, what: str | Promise) -> Unacceptable:
    # Translators: field is the label of what was typed, such as "Comment", "Note" or "Name".
    sentence = _("%(field)s: it has %(length)s characters; at most %(most)s can be taken.")
    return Unacceptable(sentence % {"field": what, "length": number(len(text)), "most": number(most)})


def is_blank(text: str) -> bool:
    """True for text in which there is nothing to see."""
    return all(letter in _UNSEEN or unicodedata.category(letter) in {"Cc", "Cf", "Zl", "Zp", "Zs"} for letter in text)


def _cap_marks(text: str) -> str:
    """At most so many marks on one letter; what is invisible between them starts no new letter."""
    if text.isascii():
        return text
    kept, marks = [], 0
    for letter in text:
        kind = unicodedata.category(letter)
        if kind in {"Mn", "Me"}:
            marks += 1
        elif kind not in {"Cf", "Cc"} or letter == "\n":
            marks = 0
        if marks <= MARKS_PER_LETTER or kind == "Cf":
            kept.append(letter)
    return "".join(kept)


@cache
def _markdown() -> MarkdownIt:
    parser = MarkdownIt("zero", {"html": False, "linkify": True, "breaks": True, "maxNesting": 20})
    parser.core.ruler.push("honest_links", _honest_links)
    parser.core.ruler.push("no_gaps", _no_gaps)
    return parser.enable(
        ["emphasis", "link", "autolink", "list", "blockquote", "backticks", "newline", "escape", "linkify", "entity"]
    )


_ADDRESS = re.compile(
    r"\s*(?:[a-z][a-z0-9+.-]*://|(?=www\.))?([\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,})(?=[/:?#\s]|$)", re.IGNORECASE
)


def _honest_links(state: StateCore) -> None:
    """A link whose words are the address of another place shows where it leads: [bank.example](https://thief.example)."""
    for token in state.tokens:
        children = token.children or []
        for place, opening in enumerate(children):
            if (
                opening.type != "link_open" or opening.info == "auto"
            ):  # what becomes a link by itself leads where it says
                continue
            end = next(at for at in range(place, len(children)) if children[at].type == "link_close")
            words = children[place + 1 : end]
            said = _ADDRESS.match("".join(word.content for word in words))
            leads = str(opening.attrGet("href"))
            if said and _host(said[1]) != _host_of(leads):
                for word in words:
                    word.type, word.content, word.nesting, word.tag = "text", "", 0, ""
                words[0].content = leads


def _no_gaps(state: StateCore) -> None:
    """Lines and paragraphs with nothing to see are left out: a page of them would push away what others wrote."""
    kept: list[Token] = []
    for token in state.tokens:
        if token.type == "paragraph_close" and kept[-1].type == "inline" and not _has_anything(kept[-1].children or []):
            del kept[-2:]
            continue
        if token.children:
            token.children = _without_empty_lines(token.children)
        kept.append(token)
    state.tokens = kept


def _without_empty_lines(children: list[Token]) -> list[Token]:
    kept: list[Token] = []
    last_break, seen = -1, False
    for child in children:
        if child.type not in {"softbreak", "hardbreak"}:
            seen = seen or _has_anything([child])
        elif seen:
            last_break, seen = len(kept), False
        else:
            continue
        kept.append(child)
    if not seen and last_break >= 0:
        del kept[last_break]
    return kept


def _has_anything(children: list[Token]) -> bool:
    return any(not is_blank(child.content) for child in children)


def _host_of(address: str) -> str:
    try:
        return _host(urlsplit(address).hostname or "")
    except ValueError:
        return ""


def _host(name: str) -> str:
    try:
        name = name.encode("idna").decode()
    except UnicodeError:
        return name
    return name.casefold().removeprefix("www.")


def comment_html(body: str) -> str:
    """A comment's body as HTML: emphasis, quotation, lists and links of CommonMark, all else as plain text."""
    return clean_comment_html(_markdown().render(body))


def without_quotations(body: str) -> str:
    """A comment's body without the lines that are quotation: those after a ">", and those that go on without one."""
    quoted = {line for lines in quotations(body) for line in lines}
    return "\n".join(line for place, line in enumerate(body.split("\n")) if place not in quoted)


def quotations(body: str) -> list[range]:
    """The numbers of the lines, from 0, of each quotation in a comment's body; one inside another comes after it."""
    return [range(*token.map) for token in _markdown().parse(body) if token.type == "blockquote_open" and token.map]


def clean_comment_html(html: str) -> str:
    """Only the tags a comment may have; every link is marked as a reader's own (rel="ugc nofollow")."""
    return nh3.clean(
        html,
        tags=COMMENT_TAGS,
        attributes={"a": {"href"}},
        url_schemes=SAFE_SCHEMES,
        link_rel="ugc nofollow noopener",
        url_relative="deny",  # a reader's link leads out; "[a](javascript" and its like pass for relative ones
        strip_comments=True,
    )


FOREIGN_TAGS = WIRE_TAGS | {"b", "i", "q", "pre", "h1", "h4", "h5", "h6", "div", "dt", "dd", "tr", "td", "th"}


def foreign_html(html: str) -> str:
    """HTML of another system, harmless and well-formed, with the tags that say something: to be read and written anew.

    It is not for a page: what is made of it goes through `comment_html` or `story_html`.
    """
    return nh3.clean(
        html,
        tags=FOREIGN_TAGS,
        attributes={"a": {"href"}, "img": {"src", "alt"}},
        url_schemes=SAFE_SCHEMES,
        link_rel=None,
        url_relative="deny",
        strip_comments=True,
    )


_TAG = re.compile(r'(<(?:[^>"]|"[^"]*")*>)')
_MARKUP = str.maketrans("", "", "*_`\\")
MOST_MARKS = 200


def marked_comment_html(html: str, body: str, spans: list[tuple[int, int]]) -> str:
    """A comment's HTML, cleaned, with what stands at these places of its body in <mark>: for the desk alone.

    The places are of the body as written, the HTML has no markup any more: so the words there are looked for in the
    text between the tags, the third of them where it was the third, and all where that cannot be told. What is not to
    be found there (the address of a link) stays unmarked.
    """
    pieces = _TAG.split(clean_comment_html(html))
    texts = [unescape(piece) for piece in pieces[::2]]
    seen = "".join(texts)
    marks = sorted({mark for span in spans[:MOST_MARKS] for mark in _places_seen(seen, body, *span)})
    here, marked = 0, []
    for place, words in enumerate(texts):
        marked.append(_with_marks(words, here, marks))
        marked += pieces[2 * place + 1 : 2 * place + 2]
        here += len(words)
    return nh3.clean(
        "".join(marked),
        tags=COMMENT_TAGS | {"mark"},
        attributes={"a": {"href"}},
        url_schemes=SAFE_SCHEMES,
        link_rel="ugc nofollow noopener",
        url_relative="deny",
    )


def _places_seen(seen: str, body: str, start: int, end: int) -> list[tuple[int, int]]:
    words = body[start:end]
    if not words.strip():
        return []
    if words not in seen:
        words = words.translate(_MARKUP)  # emphasised in the middle
    if not words.strip() or words not in seen:
        return []
    found = [(at.start(), at.end()) for at in re.finditer(re.escape(words), seen)][:MOST_MARKS]
    before = body.count(words, 0, start)
    return [found[before]] if body.count(words) == len(found) and before < len(found) else found


def _with_marks(words: str, here: int, marks: list[tuple[int, int]]) -> str:
    """The text, escaped, with the part of each mark that lies in it; `here` is where it begins."""
    parts, at = [], 0
    for start, end in marks:
        first, last = max(start - here, at), min(end - here, len(words))
        if first < last:
            parts += [escape(words[at:first]), "<mark>", escape(words[first:last]), "</mark>"]
            at = last
    return "".join([*parts, escape(words[at:])])


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


def wire_html(html: str, *, base: str = "") -> str:
    """A body as it comes from other programs and goes to them: no classes, no choice of sizes, every address whole.

    `base` is the site to which addresses without one belong (ours, on the way out); without it they are left out.
    """
    renamed = _OLDER.sub(lambda found: f"<{found[1]}{_OLDER_NAMES[found[2].lower()]}>", html)
    return nh3.clean(
        renamed,
        tags=WIRE_TAGS,
        attributes=WIRE_ATTRIBUTES,
        url_schemes=SAFE_SCHEMES,
        link_rel=None,
        url_relative=("rewrite_with_base", f"{base}/") if base else "deny",
        strip_comments=True,
    ).strip()


def _own_pictures_only(tag: str, attribute: str, value: str) -> Any:
    if tag == "img" and attribute == "src":
        return value if value.startswith("/media/") else None
    if attribute == "srcset":
        return value if all(part.strip().startswith("/media/") for part in value.split(",")) else None
    return value


def plain(html: str) -> str:
    """The words of cleaned HTML without its tags, for search, descriptions and counting."""
    spaced = re.sub(r"</(?:p|li|h2|h3|blockquote|figcaption)>|<br>", " ", html)
    return " ".join(unescape(nh3.clean(spaced, tags=set())).split())


def shows_anything(html: str) -> bool:
    """False for cleaned HTML that would stand on the page as nothing: "&nbsp;" and "**" around what is invisible."""
    return "<li>" in html or not is_blank(plain(html))


def search_words(text: str) -> str:
    """The text as it is searched: case, width, accents and line breaks ignored. For what is asked too."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    if apart.isascii():
        return " ".join(apart.split())
    return " ".join("".join(letter for letter in apart if unicodedata.category(letter) != "Mn").split())
