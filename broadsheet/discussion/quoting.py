"""Quotations: somebody's words before one's own, in the Markdown of the box. `quote.js` does so with a selection."""

from __future__ import annotations

import re
import unicodedata

from broadsheet.core import text
from broadsheet.discussion.models import Comment

LONGEST_QUOTATION = 500  # characters: the passage one answers, not the whole of it
_LAST_WORD = (
    60  # how far back a space is looked for, so that the cut falls between words; in some scripts there is none
)
_MARKUP = re.compile(r"([\\`*_\[\]<>&#~|])")


def quoted(comment: Comment) -> str:
    """The comment as a quotation, with its author below and a line to write on; empty when it is not public.

    Where it says nothing itself, what it quotes is quoted again, if readers see that.
    """
    own = _own_words(comment.body)
    if not comment.is_public or (own == comment.body and comment.withheld):
        return ""
    return quotation(own, comment.public_name)


def quotation(words: str, source: str) -> str:
    """Words as a quotation of at most so many characters; the name of their source stands below them."""
    lines = [*cut(words.strip(), LONGEST_QUOTATION).split("\n"), "", signature(source)]
    return "".join(f"> {line}".rstrip() + "\n" for line in lines) + "\n"


def signature(name: str) -> str:
    """The line below a quotation that says whose words they are; a name brings no markup with it."""
    return "— " + _MARKUP.sub(r"\\\1", name)


def cut(words: str, most: int) -> str:
    """At most `most` characters, cut at a word and never inside a letter, with an ellipsis where something is gone."""
    if len(words) <= most:
        return words
    kept = words[: most - 1]
    space = max(kept.rfind(" ", most - _LAST_WORD), kept.rfind("\n", most - _LAST_WORD))
    if words[most - 1].isspace():
        space = len(kept)
    if space > 0:
        return f"{kept[:space].rstrip()}…"
    end = len(kept)
    while end and (_goes_with_the_letter_before(words[end]) or words[end - 1] == "\u200d"):
        end -= 1
    return f"{kept[:end]}…"


def _goes_with_the_letter_before(letter: str) -> bool:
    return letter == "\u200d" or unicodedata.category(letter)[0] == "M" or "\U0001f3fb" <= letter <= "\U0001f3ff"


def _own_words(body: str) -> str:
    """What a comment says itself, without what it quotes; all of it where it says nothing else."""
    own = re.sub(r"\n{3,}", "\n\n", text.without_quotations(body))
    return own if own.strip() else body
