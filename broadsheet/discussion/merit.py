"""What counts as a contribution, for the order "editors' picks and contributions first".

Merit is a sum of named parts, each worth more than all below it together, so that the number can be read back: readers
are told the same reasons that make the order. Length is none of them, and what a comment quotes is not its own.

What can be looked up (a source, then figures) stands above what one has to believe (experience), and both above
reasons, which are told by small words such as "because" and are found least surely.
"""

from __future__ import annotations

from enum import IntFlag
from functools import lru_cache

from django.utils.translation import gettext as _

from broadsheet.core import text
from broadsheet.discussion.marks import cites_source, gives_figures, without_addresses
from broadsheet.discussion.models import VOICES, Badge, Comment
from broadsheet.discussion.quotations import own_words
from broadsheet.scoring import detectors

# From which value on readers are told so: higher than where the detectors are measured, as one in three is wrong there.
# At these, by the same labels, reasons are right in four of five, and experience in four of five where there is much of
# it and in about half of the few comments picked at random that it was found in.
TOLD = {"data": 0.6, "anecdote": 0.5, "opinion": 0.6}
CUES_ARE = {"en", ""}  # languages in which the detectors know any; a comment without one is too short to tell


class Part(IntFlag):
    """What speaks for a comment; the greater counts for more than all the smaller ones."""

    REASONS = 1
    EXPERIENCE = 2
    FIGURES = 4
    SOURCE = 8
    ANSWERED = 16
    VOICE = 32  # by the story's author, staff or an expert
    PICKED = 64


OWN = Part.SOURCE | Part.FIGURES | Part.EXPERIENCE | Part.REASONS  # what a comment does by its own words


def merit_of(comment: Comment) -> int:
    """How much speaks for this comment; 0 for what readers cannot see."""
    return int(parts_of(comment)) if comment.is_public else 0


def parts_of(comment: Comment) -> Part:
    """What speaks for this comment, from its row alone."""
    found = {
        Part.PICKED: comment.picked_at is not None,
        Part.VOICE: comment.badge in VOICES,
        Part.ANSWERED: comment.answered,
    }
    return said(comment.html, comment.language) | _all(found)


@lru_cache(maxsize=256)  # asked before the thread is locked, and again by each change that weighs the comment there
def said(html: str, language: str) -> Part:
    """What speaks for a comment in its own words: by links and figures in any language, by phrases in English.

    About half a millisecond for seventy words, and a few dozen for the longest comment.
    """
    own = own_words(html)
    words = without_addresses(text.plain(own))
    found = {Part.SOURCE: cites_source(own), Part.FIGURES: gives_figures(words)}
    return _all(found) | (_by_cues(words) if language in CUES_ARE else Part(0))


def _by_cues(words: str) -> Part:
    answers = detectors.advances(words, names=TOLD)
    told = {name for name, least in TOLD.items() if (answers[name].value or 0) >= least}
    kinds = {mark.why for mark in answers["data"].marks}
    found = {
        Part.SOURCE: "data" in told and "source" in kinds,  # "according to" alone is said of anything
        Part.FIGURES: "figure" in kinds,
        Part.EXPERIENCE: "anecdote" in told,
        Part.REASONS: "opinion" in told,
    }
    return _all(found)


def _all(found: dict[Part, bool]) -> Part:
    return Part(sum(part for part, is_so in found.items() if is_so))


def reasons(comment: Comment) -> list[str]:
    """What made the order, as sentences for readers, the weightiest first; read from the stored number."""
    return told(Part(comment.merit), comment.badge) if comment.is_public else []


def told(parts: Part, badge: str = "") -> list[str]:
    """The parts in words, the weightiest first."""
    words = {
        Part.PICKED: _("picked by an editor"),
        Part.VOICE: _voice(badge),
        Part.ANSWERED: _("answered by an expert or the author"),
        Part.SOURCE: _("cites a source"),
        Part.FIGURES: _("gives figures"),
        Part.EXPERIENCE: _("speaks from experience"),
        Part.REASONS: _("gives reasons"),
    }
    return [sentence for part, sentence in words.items() if part in parts]


def _voice(badge: str) -> str:
    if badge == Badge.AUTHOR:
        return _("by the story's author")
    return _("by an expert") if badge == Badge.EXPERT else _("by the newsroom")
