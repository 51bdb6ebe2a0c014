"""Another system's HTML of a comment as what somebody would have typed here to say the same.

It is written without more signs than it needs, then rendered, and compared with what it was made of; only where that
differs, signs that mean something are escaped, and at last emphasis is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape, unescape

from broadsheet.core import text
from broadsheet.core.xml import Element
from broadsheet.wire.markup import BLOCKS, HEADS, html_tree, inside, with_breaks

DEEPEST = 12  # quotations and lists inside each other; what is deeper stands in the last of them
_HAS_LINES = re.compile(r"<(?:p|br|div|li|blockquote)\b", re.IGNORECASE)
_PLAIN = re.compile(r"[^\\`*_\[\]<>&#+~=|/:@\n-]*", re.ASCII)  # nothing that could be markup, a link or a list
_LIST_LIKE = re.compile(r"^\s*\d+[.)]", re.MULTILINE)
_LIST_START = re.compile(r"^(?:([-+>#])(?=\s|$)|(\d{1,9})([.)])(?=\s|$))")
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_BOLD, _ITALIC = {"strong", "b", "th"}, {"em", "i", "cite"}


@dataclass(frozen=True)
class Written:
    """A comment's body, and the HTML it becomes."""

    body: str
    html: str


def comment_words(html: str) -> Written:
    """What somebody would have typed to say the same."""
    lines = not _HAS_LINES.search(html)
    if lines and _PLAIN.fullmatch(html) and not _LIST_LIKE.search(html):
        body = html.strip()
        return Written(body, text.comment_html(body))
    tree = inside(html_tree(text.foreign_html(with_breaks(html) if lines else html), deepest=DEEPEST))
    wanted = _shape(_rendered(tree))
    written = Written("", "")
    for escaping, emphasis in ((False, True), (True, True), (True, False)):
        body = _Writer(escaping, emphasis).blocks(tree)
        written = Written(body, text.comment_html(body))
        if _shape(written.html, wanted) == (wanted if emphasis else _without_emphasis(wanted)):
            break
    return written


def typed_words(words: str) -> Written:
    """A body that was typed in our own way."""
    return Written(words, text.comment_html(words))


# --- A comment's body -------------------------------------------------------------------------------------------------


class _Writer:
    """Writes a tree as the text of a comment."""

    def __init__(self, escaping: bool, emphasis: bool) -> None:
        self._escaping, self._emphasis = escaping, emphasis

    def blocks(self, run: list[Element | str]) -> str:
        """Paragraphs, quotations and lists with an empty line between them."""
        found: list[str] = []
        between: list[Element | str] = []
        for each in [*run, None]:
            if each is not None and (isinstance(each, str) or each.tag not in BLOCKS):
                between.append(each)
                continue
            if words := self._paragraph(between):
                found.append(words)
            between = []
            if each is not None and (words := self._block(each)):
                found.append(words)
        return "\n\n".join(found)

    def _block(self, element: Element) -> str:
        if element.tag == "blockquote":
            return "\n".join(f"> {line}".rstrip() for line in self.blocks(inside(element)).split("\n"))
        if element.tag in {"ul", "ol"}:
            return self._list(element)
        if element.tag == "pre":
            lines = _words_of(element).strip("\n").split("\n")
            return "\n".join(self._text(line.strip()) for line in lines)
        words = self.blocks(inside(element))
        if element.tag in HEADS and self._emphasis and words and "\n" not in words and "*" not in words:
            return f"**{words}**"
        return words

    def _list(self, element: Element) -> str:
        lines: list[str] = []
        for number, item in enumerate(element, start=1):
            mark = f"{number}. " if element.tag == "ol" else "- "
            if words := self.blocks(inside(item) if item.tag == "li" else [item]):
                first, *rest = words.split("\n")
                lines += [mark + first, *(f"{' ' * len(mark)}{line}".rstrip() for line in rest)]
        return "\n".join(lines)

    def _paragraph(self, run: list[Element | str]) -> str:
        words = "".join(map(self._inline, run))
        lines = [" ".join(line.split(" ")).strip() for line in re.sub(r"[ \t\xa0]+", " ", words).split("\n")]
        lines = [line for line in lines if line]
        return "\n".join(self._line_start(line) for line in lines)

    def _line_start(self, line: str) -> str:
        if not self._escaping:
            return line
        return _LIST_START.sub(lambda at: f"\\{at[1]}" if at[1] else f"{at[2]}\\{at[3]}", line)

    def _inline(self, each: Element | str) -> str:
        if isinstance(each, str):
            return self._text(re.sub(r"[ \t\r\n\f]+", " ", each))
        if each.tag == "br":
            return "\n"
        if each.tag == "img":
            address = each.get("src", "")
            return self._link(address, each.get("alt", "") or address)
        words = "".join(map(self._inline, inside(each)))
        if each.tag == "a":
            return self._link(each.get("href", ""), words)
        if each.tag == "code" and self._emphasis and (code := _words_of(each).strip()) and "`" not in code:
            return f"`{' '.join(code.split())}`"
        if each.tag == "q":
            return f"“{words}”"
        if each.tag in {"td", "th"}:
            words = f"{words} "
        mark = "**" if each.tag in _BOLD else "*" if each.tag in _ITALIC else ""
        return _marked(words, mark) if mark and self._emphasis else words

    def _link(self, address: str, words: str) -> str:
        """The words leading to the address, or the address alone where they say nothing else."""
        address = re.sub(r"[\s<>\\]", lambda at: "".join(f"%{byte:02X}" for byte in at[0].encode()), address.strip())
        words = " ".join(words.split())
        if not address:
            return words
        bare = unescape(words.replace("\\", ""))
        if not words or bare in {address, address.removeprefix("https://"), address.removeprefix("http://")}:
            is_found = address.startswith(("http://", "https://")) and re.fullmatch(r"[\w:/.%?=#-]*[\w/]", address)
            return address if is_found and not self._escaping else f"<{address}>"
        words = re.sub(r"(?<!\\)([\[\]])", r"\\\1", words)
        target = f"<{address}>" if re.search(r"[()]", address) else address
        return f"[{words}]({target})"

    def _text(self, words: str) -> str:
        if not self._escaping:
            return words
        kept, last = [], 0
        for link in _LINK.finditer(words):
            kept += [_escaped(words[last : link.start()]), link[0]]
            last = link.end()
        return "".join([*kept, _escaped(words[last:])])


def _escaped(words: str) -> str:
    return re.sub(r"([\\`*\[\]<>&]|(?<![^\W_])_|_(?![^\W_]))", r"\\\1", words)


def _marked(words: str, mark: str) -> str:
    """Words between marks that stand next to letters, line by line."""
    lines = []
    for line in words.split("\n"):
        bare = line.strip()
        lead, tail = line[: len(line) - len(line.lstrip())], line[len(line.rstrip()) :]
        lines.append(f"{lead}{mark}{bare}{mark}{tail}" if bare else line)
    return "\n".join(lines)


def _words_of(element: Element) -> str:
    if element.tag in {"br", "img"}:
        return "\n" if element.tag == "br" else element.get("alt", "")
    return "".join(each if isinstance(each, str) else _words_of(each) for each in inside(element))


# --- Comparing --------------------------------------------------------------------------------------------------------

_TAGS = re.compile(r"<(/?)(\w+)(?: href=\"([^\"]*)\")?[^>]*>")
_COMPARED = {"em", "strong", "blockquote", "ul", "ol", "li", "code"}


def _rendered(run: list[Element | str], *, plain: bool = False) -> str:
    """The tree as the HTML that a comment could have; `plain` without tags."""
    return "".join(_html(each, plain=plain) for each in run)


def _html(each: Element | str, *, plain: bool) -> str:
    if isinstance(each, str):
        return escape(re.sub(r"[ \t\r\n\f\xa0]+", " ", each), quote=False)
    if each.tag == "br":
        return "<br>"
    if each.tag == "img":
        address = each.get("src", "")
        words = escape(each.get("alt") or address)
        return f'<a href="{escape(address)}">{words}</a>' if address else words
    html = _rendered(inside(each), plain=plain or each.tag == "code")
    if each.tag == "a" and (address := each.get("href", "")):
        return f'<a href="{escape(address)}">{html or escape(address)}</a>'
    if each.tag == "q":
        return f"“{html}”"
    tag = "strong" if each.tag in _BOLD or each.tag in HEADS else "em" if each.tag in _ITALIC else each.tag
    if plain:
        return html
    spaced = " " if each.tag in {"td", "th"} else ""
    return f"<{tag}>{html}{spaced}</{tag}>" if tag in _COMPARED or tag in BLOCKS else html + spaced


def _shape(html: str, wanted: list[str] | None = None) -> list[str]:
    """What a reader would see: words, emphasis, quotations, lists, and where links lead.

    A link that the words make by themselves counts only where one is wanted.
    """
    leads = {each for each in wanted or () if each.startswith("->")}
    found: list[str] = []
    last = 0
    for tag in _TAGS.finditer(html):
        _say(found, html[last : tag.start()])
        last = tag.end()
        if tag[2] == "a" and not tag[1]:
            lead = f"->{unescape(tag[3] or '')}"
            if wanted is None or lead in leads:
                found.append(lead)
        elif tag[2] in _COMPARED:
            is_empty = tag[1] and found and found[-1] == tag[2]
            goes_on = not tag[1] and tag[2] in {"em", "strong"} and found and found[-1] == f"/{tag[2]}"
            if is_empty or goes_on:
                found.pop()
            else:
                found.append(f"{tag[1]}{tag[2]}")
        elif tag[2] != "a":
            _say(found, " ")
    _say(found, html[last:])
    return [each for each in ("".join(each.split()) for each in found) if each]


def _say(found: list[str], html: str) -> None:
    words = f" {unescape(html)}"
    if found and found[-1].startswith(" "):
        found[-1] += unescape(html)
    elif words.strip():
        found.append(words)


def _without_emphasis(shape: list[str]) -> list[str]:
    return [each for each in shape if each not in {"em", "/em", "strong", "/strong", "code", "/code"}]
