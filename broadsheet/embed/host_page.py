"""What a page of another site says of itself: pure, from bytes to facts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser
from urllib.parse import urljoin

from broadsheet.core import clock

MOST_TAGS = 20_000  # of a page of a megabyte; what we look for stands early, or in the story


@dataclass(frozen=True)
class Told:
    """What the snippet says in a page, for where the page itself says nothing."""

    title: str = ""
    published: str = ""
    section: str = ""  # its slug


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


def read_page(html: bytes, *, url: str, content_type: str = "") -> HostPage:
    """Read a page as far as it tells of itself; nothing in it can make this fail."""
    reader = _Reader()
    reader.feed(_decoded(html, content_type))
    reader.close()
    said = reader.said
    link = reader.canonical or said.get("og:url", "")
    return HostPage(
        url=url,
        canonical=_joined(url, link) if link else "",
        title=" ".join((said.get("og:title") or "".join(reader.title)).split()),
        section=said.get("article:section", ""),
        published_at=moment(said.get("article:published_time", "")),
        scripts=[_joined(url, script) for script in reader.scripts],
        has_place=reader.told is not None,
        told=reader.told or Told(),
    )


def moment(written: str) -> datetime | None:
    """A moment as pages write it (ISO 8601), in the newsroom's zone where it names none; None for anything else."""
    try:
        found = datetime.fromisoformat(written.strip())
        return (found if found.tzinfo else found.replace(tzinfo=clock.newsroom_zone())).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


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
        return html.decode(name, "replace")
    except LookupError:
        return html.decode("utf-8", "replace")


class _Reader(HTMLParser):
    """Python's own reader of HTML, which bears whatever it is given."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: dict[str, str] = {}  # what its meta elements say, the first of each name
        self.title: list[str] = []
        self.canonical = ""
        self.scripts: list[str] = []
        self.told: Told | None = None
        self._in_title = False
        self._tags = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._tags += 1
        if self._tags > MOST_TAGS:
            return
        facts = {name: value or "" for name, value in attrs}
        if "data-broadsheet-discussion" in facts and self.told is None:
            self.told = Told(*(facts.get(f"data-{name}", "") for name in ("title", "published", "section")))
        if tag == "meta" and (name := (facts.get("property") or facts.get("name", "")).lower()):
            self.said.setdefault(name, facts.get("content", ""))
        elif tag == "link" and "canonical" in facts.get("rel", "").lower().split():
            self.canonical = self.canonical or facts.get("href", "")
        elif tag == "script" and facts.get("src"):
            self.scripts.append(facts["src"])
        self._in_title = tag == "title" and not self.title

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title.append(data)
