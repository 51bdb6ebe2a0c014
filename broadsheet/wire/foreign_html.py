"""Another system's HTML as what Broadsheet stores: a comment's body as somebody would have typed it, a story's parts.

The text of a comment is written without more signs than it needs, then rendered, and compared with what it was made of;
only where that differs, signs that mean something are escaped, and at last emphasis is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape, unescape
from html.parser import HTMLParser

from broadsheet.core import text

DEEPEST = 12  # quotations and lists inside each other; what is deeper stands in the last of them
_HAS_LINES = re.compile(r"<(?:p|br|div|li|blockquote)\b", re.IGNORECASE)
_PLAIN = re.compile(r"[^\\`*_\[\]<>&#+~=|/:@\n-]*", re.ASCII)  # nothing that could be markup, a link or a list
_LIST_LIKE = re.compile(r"^\s*\d+[.)]", re.MULTILINE)
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_BLOCKS = {"p", "div", "blockquote", "ul", "ol", "li", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd", "tr"}
_HEADS = {"h1", "h2", "h3", "h4", "h5", "h6"}
LONGEST_SPEAKER = 120  # characters; what is longer is no name
_BOLD, _ITALIC = {"strong", "b", "th"}, {"em", "i", "cite"}


@dataclass(frozen=True)
class Written:
    """A comment's body, and the HTML it becomes."""

    body: str
    html: str


@dataclass
class Node:
    """An element and what stands in it, in order."""

    tag: str
    address: str = ""
    inside: list[Node | str] = field(default_factory=list)


def comment_words(html: str) -> Written:
    """What somebody would have typed to say the same."""
    lines = not _HAS_LINES.search(html)
    if lines and _PLAIN.fullmatch(html) and not _LIST_LIKE.search(html):
        body = html.strip()
        return Written(body, text.comment_html(body))
    tree = _tree(_with_breaks(html) if lines else html)
    wanted = _shape(_rendered(tree))
    written = Written("", "")
    for escaping, emphasis in ((False, True), (True, True), (True, False)):
        body = _Writer(escaping, emphasis).blocks(tree.inside)
        written = Written(body, text.comment_html(body))
        if _shape(written.html, wanted) == (wanted if emphasis else _without_emphasis(wanted)):
            break
    return written


def typed_words(words: str) -> Written:
    """A body that was typed in our own way."""
    return Written(words, text.comment_html(words))


def parts(html: str) -> tuple[list[tuple[str, object]], int]:
    """A story's body as the desk's parts, and how many pictures were left out of it."""
    lines = not re.search(r"<p\b", html, re.IGNORECASE)
    tree = _tree(_with_breaks(html) if lines else html)
    pictures = sum(each.tag == "img" for each in _all(tree))
    return list(_parts(tree.inside)), pictures


# --- Reading ----------------------------------------------------------------------------------------------------------


def _with_breaks(html: str) -> str:
    """What was typed in lines, as its system shows it: an empty line begins another paragraph."""
    html = html.replace("\r\n", "\n").replace("\r", "\n").strip()
    return "<p>" + re.sub(r"\n[ \t]*(?:\n[ \t]*)+", "</p><p>", html).replace("\n", "<br>") + "</p>"


class _Parser(HTMLParser):
    """Builds the tree of HTML that the cleaner has made well-formed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("")
        self._open = [self.root]
        self._passed: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        if tag in {"br", "img"}:
            self._open[-1].inside.append(Node(tag, found.get("src") or "", [found.get("alt") or ""]))
            return
        deep = len(self._open) > DEEPEST
        node = self._open[-1] if deep else Node(tag, found.get("href") or "")
        if not deep:
            self._open[-1].inside.append(node)
            self._open.append(node)
        else:
            self._passed.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._passed:
            self._passed.pop()
        elif len(self._open) > 1:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].inside.append(data)


def _tree(html: str) -> Node:
    parser = _Parser()
    parser.feed(text.foreign_html(html))
    parser.close()
    return parser.root


def _all(node: Node) -> Iterator[Node]:
    for each in node.inside:
        if isinstance(each, Node):
            yield each
            yield from _all(each)


# --- A comment's body -------------------------------------------------------------------------------------------------


class _Writer:
    """Writes a tree as the text of a comment."""

    def __init__(self, escaping: bool, emphasis: bool) -> None:
        self._escaping, self._emphasis = escaping, emphasis

    def blocks(self, inside: list[Node | str]) -> str:
        """Paragraphs, quotations and lists with an empty line between them."""
        found: list[str] = []
        run: list[Node | str] = []
        for each in [*inside, None]:
            if each is not None and (isinstance(each, str) or each.tag not in _BLOCKS):
                run.append(each)
                continue
            if words := self._paragraph(run):
                found.append(words)
            run = []
            if each is not None and (words := self._block(each)):
                found.append(words)
        return "\n\n".join(found)

    def _block(self, node: Node) -> str:
        if node.tag == "blockquote":
            return "\n".join(f"> {line}".rstrip() for line in self.blocks(node.inside).split("\n"))
        if node.tag in {"ul", "ol"}:
            return self._list(node)
        if node.tag == "pre":
            lines = _words_of(node).strip("\n").split("\n")
            return "\n".join(self._text(line.strip()) for line in lines)
        words = self.blocks(node.inside)
        if node.tag in _HEADS and self._emphasis and words and "\n" not in words and "*" not in words:
            return f"**{words}**"
        return words

    def _list(self, node: Node) -> str:
        items = [each for each in node.inside if isinstance(each, Node)]
        lines: list[str] = []
        for number, item in enumerate(items, start=1):
            mark = f"{number}. " if node.tag == "ol" else "- "
            if words := self.blocks(item.inside if item.tag == "li" else [item]):
                first, *rest = words.split("\n")
                lines += [mark + first, *(f"{' ' * len(mark)}{line}".rstrip() for line in rest)]
        return "\n".join(lines)

    def _paragraph(self, run: list[Node | str]) -> str:
        words = "".join(map(self._inline, run))
        lines = [" ".join(line.split(" ")).strip() for line in re.sub(r"[ \t\xa0]+", " ", words).split("\n")]
        lines = [line for line in lines if line]
        return "\n".join(self._line_start(line) for line in lines)

    def _line_start(self, line: str) -> str:
        if not self._escaping:
            return line
        return re.sub(r"^(?:([-+>#])(?=\s|$)|(\d{1,9})([.)])(?=\s|$))", lambda at: (
            f"\\{at[1]}" if at[1] else f"{at[2]}\\{at[3]}"
        ), line)  # fmt: skip

    def _inline(self, each: Node | str) -> str:
        if isinstance(each, str):
            return self._text(re.sub(r"[ \t\r\n\f]+", " ", each))
        if each.tag == "br":
            return "\n"
        if each.tag == "img":
            return self._link(each.address, _words_of(each) or each.address)
        inside = "".join(map(self._inline, each.inside))
        if each.tag == "a":
            return self._link(each.address, inside)
        if each.tag == "code" and self._emphasis and (code := _words_of(each).strip()) and "`" not in code:
            return f"`{' '.join(code.split())}`"
        if each.tag == "q":
            return f"“{inside}”"
        if each.tag in {"td", "th"}:
            inside = f"{inside} "
        mark = "**" if each.tag in _BOLD else "*" if each.tag in _ITALIC else ""
        return _marked(inside, mark) if mark and self._emphasis else inside

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


def _escaped_start(at: re.Match[str]) -> str:
    return f"\\{at[1]}" if at[1] else f"{at[2]}\\{at[3]}"


def _marked(words: str, mark: str) -> str:
    """Words between marks that stand next to letters, line by line."""
    lines = []
    for line in words.split("\n"):
        bare = line.strip()
        lead, tail = line[: len(line) - len(line.lstrip())], line[len(line.rstrip()) :]
        lines.append(f"{lead}{mark}{bare}{mark}{tail}" if bare else line)
    return "\n".join(lines)


def _words_of(node: Node) -> str:
    return "".join(
        each if isinstance(each, str) else "\n" if each.tag == "br" else _words_of(each) for each in node.inside
    )


# --- Comparing --------------------------------------------------------------------------------------------------------

_TAGS = re.compile(r"<(/?)(\w+)(?: href=\"([^\"]*)\")?[^>]*>")
_COMPARED = {"em", "strong", "blockquote", "ul", "ol", "li", "code"}


def _rendered(node: Node) -> str:
    """The tree as the HTML that a comment could have."""
    return "".join(_html(each, plain=False) for each in node.inside)


def _html(each: Node | str, *, plain: bool) -> str:
    if isinstance(each, str):
        return escape(re.sub(r"[ \t\r\n\f\xa0]+", " ", each), quote=False)
    if each.tag == "br":
        return "<br>"
    if each.tag == "img":
        words = _words_of(each) or each.address
        return f'<a href="{escape(each.address)}">{escape(words)}</a>' if each.address else escape(words)
    inside = "".join(_html(child, plain=plain or each.tag == "code") for child in each.inside)
    if each.tag == "a" and each.address:
        return f'<a href="{escape(each.address)}">{inside or escape(each.address)}</a>'
    if each.tag == "q":
        return f"“{inside}”"
    tag = "strong" if each.tag in _BOLD or each.tag in _HEADS else "em" if each.tag in _ITALIC else each.tag
    if plain:
        return inside
    spaced = " " if each.tag in {"td", "th"} else ""
    return f"<{tag}>{inside}{spaced}</{tag}>" if tag in _COMPARED or tag in _BLOCKS else inside + spaced


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
    kept: list[str] = []
    for each in shape:
        if each in {"em", "/em", "strong", "/strong", "code", "/code"}:
            continue
        kept.append(each)
    return kept


# --- A story's parts --------------------------------------------------------------------------------------------------


def _parts(inside: list[Node | str]) -> Iterator[tuple[str, object]]:
    """Paragraphs, subheads, quotations and lists; what is none of these is a paragraph."""
    run: list[Node | str] = []
    for each in [*inside, Node("p")]:
        if isinstance(each, str) or each.tag not in _BLOCKS:
            run.append(each)
            continue
        yield from _as_paragraph(run)
        run = []
        if each.tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
            if words := " ".join(_words_of(each).split()):
                yield "subhead", words[:200]
        elif each.tag == "blockquote":
            speaker = _speaker(each)
            if words := _quoted(each):
                yield "quotation", {"words": words, "speaker": speaker}
        elif each.tag in {"ul", "ol"}:
            yield from _as_list(each)
        elif any(isinstance(child, Node) and child.tag in _BLOCKS for child in each.inside):
            yield from _parts(each.inside)
        else:
            yield from _as_paragraph(each.inside)


def _as_paragraph(run: list[Node | str]) -> Iterator[tuple[str, object]]:
    html = _running(run)
    if text.plain(html):
        yield "paragraph", f"<p>{html}</p>"


def _as_list(node: Node) -> Iterator[tuple[str, object]]:
    items = [each for each in node.inside if isinstance(each, Node) and each.tag == "li"]
    if node.tag == "ul" and not any(each.tag in {"ul", "ol"} for each in _all(node)):
        if words := [html for html in (_running(item.inside) for item in items) if text.plain(html)]:
            yield "list", words
        return
    html = _nested(node)
    if text.plain(html):
        yield "paragraph", html


def _nested(node: Node) -> str:
    """A list as the desk's paragraphs keep those that are numbered, or stand inside each other."""
    items = []
    for item in node.inside:
        if isinstance(item, Node) and item.tag == "li":
            inner = "".join(
                _nested(each) for each in item.inside if isinstance(each, Node) and each.tag in {"ul", "ol"}
            )
            outer = [each for each in item.inside if isinstance(each, str) or each.tag not in {"ul", "ol"}]
            items.append(f"<li>{_running(outer)}{inner}</li>")
    return f"<{node.tag}>{''.join(items)}</{node.tag}>"


def _running(run: list[Node | str]) -> str:
    """Running text with emphasis and links, as the desk's editor writes it."""
    return re.sub(r"^(?:\s|<br/>)+|(?:\s|<br/>)+$", "", "".join(map(_run, run)))


def _run(each: Node | str) -> str:
    if isinstance(each, str):
        return escape(re.sub(r"[ \t\r\n\f]+", " ", each), quote=False)
    if each.tag == "img":
        return ""
    if each.tag == "br":
        return "<br/>"
    inside = "".join(map(_run, each.inside))
    if each.tag == "a" and each.address and inside:
        return f'<a href="{escape(each.address)}">{inside}</a>'
    tag = "b" if each.tag in _BOLD else "i" if each.tag in _ITALIC else ""
    inside = f"<{tag}>{inside}</{tag}>" if tag and inside else inside
    return f"{inside} " if each.tag in _BLOCKS | {"td", "th"} else inside


def _speaker(node: Node) -> str:
    """Whose words a quotation is, where it says so at its end; taken out of it."""
    said = [each for each in node.inside if isinstance(each, Node) or each.strip()]
    last = said[-1] if len(said) > 1 else None
    speaker = " ".join(_words_of(last).split()) if isinstance(last, Node) and last.tag == "cite" else ""
    if not last or not speaker or len(speaker) > LONGEST_SPEAKER:
        return ""
    node.inside.remove(last)
    return speaker


def _quoted(node: Node) -> str:
    """Somebody's words set apart: plain text in paragraphs."""
    found = _Writer(escaping=False, emphasis=False).blocks(node.inside)
    return re.sub(r"\[([^\]]*)\]\(<?[^)]*>?\)", r"\1", found)
