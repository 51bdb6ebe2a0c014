"""What a page of another site says of itself: pure, from bytes to facts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import unescape
from urllib.parse import urljoin

from broadsheet.core import clock

MOST_TAGS = 20_000  # of a page of a megabyte; what we look for stands early, or in the story
EARLIEST = datetime(1600, 1, 1, tzinfo=UTC)  # no newspaper is older, and whoever says so does not know
# The letters of a page as the HTML standard cuts them into tags (13.2.5), as far as it matters to what we look for.
_MARK = re.compile(r"<[a-zA-Z/!?]")
_NAME = re.compile(r"<([a-zA-Z][^\s/>]*)")
_ATTRIBUTE = re.compile(r"[\s/]*+([^\s/>=][^\s/>=]*+)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s>]*+)))?+")
_TEXTS = {
    name: re.compile(f"</{name}[^>]*+>", re.IGNORECASE)  # in which a tag is none
    for name in ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes")
}


@dataclass(frozen=True)
class Told:
    """What the snippet says in a page, for where the page itself says nothing."""

    title: str = ""
    published: str = ""
    section: str = ""  # its slug
    url: str = ""  # the story's


@dataclass
class HostPage:
    """The facts of a page that matter to its discussion; empty where the page says nothing."""

    url: str
    canonical: str = ""  # where it says that it stands: its canonical link, or else og:url
    title: str = ""
    section: str = ""
    published_at: datetime | None = None
    scripts: list[str] = field(default_factory=list)  # whole addresses
    has_place: bool = False  # an element for a discussion ...
    told: Told = Told()  # ... and what that says

    @property
    def home(self) -> str:
        """Where its story stands: as the page says, or else its snippet; where neither does, at its own address."""
        return (self.canonical or _joined(self.url, self.told.url) or self.url).split("#")[0]


def read_page(html: bytes, *, url: str, content_type: str = "") -> HostPage:
    """Read a page as far as it tells of itself; nothing in it can make this fail."""
    reader = _Reader()
    reader.read(_decoded(html, content_type))
    said, told = reader.said, reader.told or Told()
    link = reader.canonical or said.get("og:url", "")
    return HostPage(
        url=url,
        canonical=_joined(url, link) if link else "",
        title=" ".join((said.get("og:title") or reader.title or "").split()),
        section=said.get("article:section", ""),
        published_at=moment(said.get("article:published_time", "")),
        scripts=[_joined(url, script) for script in reader.scripts],
        has_place=reader.told is not None,
        told=told,
    )


def moment(written: str) -> datetime | None:
    """A moment as pages write it (ISO 8601), in the newsroom's zone where it names none; None for anything else."""
    try:
        found = datetime.fromisoformat(written.strip())
        found = (found if found.tzinfo else found.replace(tzinfo=clock.newsroom_zone())).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return found if found >= EARLIEST else None


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address.strip())
    except ValueError:
        return ""


def _decoded(html: bytes, content_type: str) -> str:
    declared = re.search(r"charset=\"?([\w-]+)", content_type, re.ASCII)
    within = re.search(rb"<meta[^>]{0,200}charset=[\"']?([\w-]+)", html[:2048], re.IGNORECASE)
    name = declared[1] if declared else within[1].decode("ascii", "replace") if within else "utf-8"
    try:
        text = html.decode(name, "replace")
    except (LookupError, UnicodeError):  # there is no such set of letters, or it is none of text
        text = html.decode("utf-8", "replace")
    # Some have letters that no other has; a database takes neither these nor the letter zero.
    return text.encode("utf-8", "replace").decode().replace("\x00", "")


class _Reader:
    """What a page's start tags and its title say, in one walk through its letters.

    Not with Python's own reader: there are letters on which that takes the square of their number, or gives up.
    """

    def __init__(self) -> None:
        self.said: dict[str, str] = {}  # what its meta elements say, the first of each name
        self.title: str | None = None
        self.canonical = ""
        self.scripts: list[str] = []
        self.told: Told | None = None

    def read(self, html: str) -> None:
        """Take in a whole page. Where something begins that does not end, the page ends."""
        at = tags = 0
        while tags < MOST_TAGS and (mark := _MARK.search(html, at)):
            at = mark.start()
            if html.startswith("<!--", at):
                at = _after(html, "-->", at + 4)
            elif not (found := _NAME.match(html, at)):
                at = _after(html, ">", at)
            else:
                tags += 1
                name = found[1].lower()
                facts, at = _attributes(html, found.end())
                self._take(name, facts)
                if name in _TEXTS:
                    end = _TEXTS[name].search(html, at)
                    if name == "title" and self.title is None:
                        self.title = unescape(html[at : end.start()] if end else html[at:])
                    at = end.end() if end else len(html)

    def _take(self, tag: str, facts: dict[str, str]) -> None:
        if "data-broadsheet-discussion" in facts and self.told is None:
            self.told = Told(*(facts.get(f"data-{name}", "") for name in ("title", "published", "section", "url")))
        if tag == "meta" and (name := (facts.get("property") or facts.get("name", "")).lower()):
            self.said.setdefault(name, facts.get("content", ""))
        elif tag == "link" and "canonical" in facts.get("rel", "").lower().split():
            self.canonical = self.canonical or facts.get("href", "")
        elif tag == "script" and facts.get("src"):
            self.scripts.append(facts["src"])


def _attributes(html: str, at: int) -> tuple[dict[str, str], int]:
    """The attributes from here to the end of the tag, the first of each name, and where the tag has ended."""
    facts: dict[str, str] = {}
    while found := _ATTRIBUTE.match(html, at):
        at = found.end()
        facts.setdefault(found[1].lower(), unescape(found[2] or found[3] or found[4] or ""))
    return facts, _after(html, ">", at)


def _after(html: str, mark: str, at: int) -> int:
    end = html.find(mark, at)
    return end + len(mark) if end >= 0 else len(html)
