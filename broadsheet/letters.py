"""Letters that are read as others, or not at all: what the cleaner, the newsroom's lists of words and the scorer share.

It stands below everything, for the scorer knows none of our apps, and none below it may know the scorer. What each
makes of these is its own: see "Two readings of a text" in docs/scoring.md.
"""

from __future__ import annotations

from functools import cache

# Letters that Unicode does not call invisible and nobody can see: fillers, joiners, the empty braille cell.
UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
# Letters that Unicode takes no stroke from.
STROKES = {"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
# Signs and figures that are written for letters, each with the letters it may stand for, the likeliest first.
SIGNS = {
    "0": "o", "1": "il", "2": "z", "3": "e", "4": "a", "5": "s", "6": "g", "7": "t", "8": "b", "9": "g",
    "!": "il", "|": "il", "@": "a", "$": "s", "€": "e", "+": "t",
}  # fmt: skip


@cache
def latin_like(letter: str) -> str:
    """The small Latin letter that a letter passes for by Unicode's list; empty where it passes for none."""
    try:
        from confusable_homoglyphs import confusables
    except ImportError:  # a part of Broadsheet's own requirements, not of the scorer's
        return ""
    for found in confusables.is_confusable(letter, greedy=True) or []:
        for alike in found["homoglyphs"]:
            if len(alike["c"]) == 1 and alike["c"].isascii() and alike["c"].isalpha():
                return str(alike["c"]).lower()
    return ""
