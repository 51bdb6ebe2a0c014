"""Trying a text: what each rule would say, how the text is read, and the text with what was found in it marked."""

from __future__ import annotations

from dataclasses import dataclass

from broadsheet.core import clock
from broadsheet.core.folding import plain_words
from broadsheet.core.text import comment_html, readable
from broadsheet.discussion.models import LONGEST_COMMENT
from broadsheet.intake import rulesets
from broadsheet.intake.models import Rule
from broadsheet.intake.rulesets import Finding
from broadsheet.intake.subjects import Subject

NEEDS_NO_AUTHOR = {"phrases", "names", "links", "language", "score", "repeats"}


@dataclass(frozen=True)
class Piece:
    """A piece of a text, marked or not."""

    text: str
    is_marked: bool


@dataclass(frozen=True)
class Tried:
    """What became of a text."""

    read_as: str
    pieces: list[Piece]
    findings: list[Finding]
    not_asked: list[str]  # rules about whoever writes, or whose server would have to be asked


def tried(text: str) -> Tried:
    """The text as every rule sees it, also those that are off, wherever they speak; nothing is kept."""
    text = readable(text, most=LONGEST_COMMENT, what="text")
    every = list(Rule.objects.prefetch_related("switches"))
    asked = [rule for rule in every if rule.kind in NEEDS_NO_AUTHOR]
    for rule in asked:
        rule.section = rule.story = None
    subject = Subject(body=text, html=comment_html(text), at=clock.now())
    findings = rulesets.made_of(asked).findings(subject)
    spans = [span for found in findings for span in found.said.spans]
    return Tried(plain_words(text), marked(text, spans), findings, [rule.name for rule in every if rule not in asked])


def marked(text: str, spans: list[tuple[int, int]]) -> list[Piece]:
    """The text in pieces, those marked that lie in a span; spans may overlap."""
    pieces, at = [], 0
    for start, end in sorted(spans):
        if end <= at:
            continue
        pieces += [Piece(text[at : max(at, start)], False), Piece(text[max(at, start) : end], True)]
        at = end
    pieces.append(Piece(text[at:], False))
    return [piece for piece in pieces if piece.text]
