"""A story of the demo as a text file: a few lines of facts, then its body in plain paragraphs."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

CONTENT = Path(__file__).resolve().parent / "content"

# A part of a body: its kind, and its words; a quotation also has whose they are, a link its address.
Part = tuple[str, str, str]


@dataclass(frozen=True)
class NoticeText:
    """A notice on a story: what kind, when, and its words."""

    kind: str
    when: str
    text: str


@dataclass(frozen=True)
class StoryText:
    """One story file, read."""

    name: str
    facts: dict[str, str]
    body: tuple[Part, ...]
    notices: tuple[NoticeText, ...] = field(default=())

    def listed(self, fact: str) -> list[str]:
        """A fact that names several things, between semicolons."""
        return [name.strip() for name in self.facts.get(fact, "").split(";") if name.strip()]


def read_stories() -> list[StoryText]:
    """Every story of the demo, by the name of its file."""
    return [read_story(path.stem, path.read_text(encoding="utf-8")) for path in sorted(CONTENT.glob("stories/*.md"))]


def read_story(name: str, text: str) -> StoryText:
    """Facts, a line of three dashes, the body. Raises ValueError where the file has no such line."""
    head, line, rest = text.partition("\n---\n")
    if not line:
        raise ValueError(f"{name}: the facts end with a line of three dashes.")
    facts = {}
    for fact in head.strip().splitlines():
        key, _, value = fact.partition(":")
        facts[key.strip()] = value.strip()
    blocks = [" ".join(block.split("\n")) if block[0] not in ">-" else block for block in _blocks(rest)]
    parts = [_part(block) for block in blocks if not block.startswith("NOTICE ")]
    notices = [_notice(block) for block in blocks if block.startswith("NOTICE ")]
    return StoryText(name, facts, tuple(parts), tuple(notices))


def _blocks(text: str) -> list[str]:
    return [block.strip() for block in text.split("\n\n") if block.strip()]


def _part(block: str) -> Part:
    """ "## ..." is a subhead, "> ..." a quotation, "- ..." a list, "!name" a picture, "-> address words" a link."""
    if block.startswith("## "):
        return ("subhead", block[3:], "")
    if block.startswith("!"):
        name, _, caption = block[1:].partition(" ")
        return ("picture", name, caption)
    if block.startswith("-> "):
        address, _, label = block[3:].partition(" ")
        return ("embed", label, address)
    if block.startswith("- "):
        return ("list", "\n".join(line.removeprefix("- ") for line in block.splitlines()), "")
    if block.startswith("> "):
        lines = [line.removeprefix("> ") for line in block.splitlines()]
        speaker = lines.pop().removeprefix("— ") if lines[-1].startswith("— ") else ""
        return ("quotation", " ".join(lines), speaker)
    return ("paragraph", block, "")


def _notice(block: str) -> NoticeText:
    """NOTICE correction -20h: its words"""
    head, _, words = block.partition(": ")
    _, kind, when = head.split(" ")
    return NoticeText(kind, when, words)
