"""What the names in the model card's figures are called on its page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from babel.numbers import format_decimal, get_minus_sign_symbol, get_plus_sign_symbol
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from broadsheet.core.language import locale, number

Named = dict[str, Any]  # sentences that are translated when they are read


def share(value: float) -> str:
    """98.4%: a share with its tenths, as the language writes it."""
    here = locale()
    pattern = str(here.percent_formats[None].pattern).replace("0", "0.0", 1)
    return str(format_decimal(value, format=pattern, locale=here))


def points(value: float) -> str:
    """+3.3: a difference of two shares in hundredths, with the sign as the language writes it."""
    here = locale()
    sign = get_minus_sign_symbol(here) if value < 0 else get_plus_sign_symbol(here)
    return f"{sign}{hundredths(abs(value))}"


def hundredths(value: float) -> str:
    """3.0: a share in hundredths, without its sign."""
    return str(format_decimal(100 * value, format="0.0", locale=locale()))


def decimals(value: float) -> str:
    """0.98."""
    return str(format_decimal(value, format="0.00", locale=locale()))


def with_interval(told: list[float] | tuple[float, ...], say: Callable[[float], str] = share) -> str:
    """98.4% (98.0% to 98.8%): a figure and the ends of its interval."""
    value, low, high = (say(each) for each in told)
    return _("%(value)s (%(low)s to %(high)s)") % {"value": value, "low": low, "high": high}


def named(code: str, names: Named) -> str:
    """What a code is called; one that has no name yet stands for itself."""
    return str(names.get(code, code))


SETS: Named = {
    "jigsaw_binary": gettext_lazy("Wikipedia’s talk pages: toxic or not"),
    "jigsaw_multi": gettext_lazy("Wikipedia’s talk pages: kinds of toxicity"),
    "wiki_context": gettext_lazy("Wikipedia’s talk pages as they come, most of them harmless"),
    "surge": gettext_lazy("Social media"),
    "fox": gettext_lazy("A broadcaster’s news stories (Fox News)"),
    "c3": gettext_lazy("A newspaper’s stories (The Globe and Mail), labelled as toxic"),
    "ucc": gettext_lazy("The same newspaper’s stories, labelled as hostile or antagonising"),
    "civil_toxic": gettext_lazy("Comments under news stories, toxic ones only (Civil Comments)"),
    "spam_sms": gettext_lazy("Short messages, for spam"),
    "spam_youtube": gettext_lazy("Comments under videos, for spam"),
    "own sentences": gettext_lazy("Sentences written for this scorer, harmless and hateful about the same people"),
}
KINDS: Named = {
    "insult": gettext_lazy("insult"),
    "threat": gettext_lazy("threat"),
    "obscene": gettext_lazy("obscene words"),
    "identity_attack": gettext_lazy("attack on people for who they are"),
    "severe": gettext_lazy("severe"),
}
DETECTORS: Named = {
    "anecdote": gettext_lazy("speaks from experience"),
    "data": gettext_lazy("cites a figure, a source or a document"),
    "opinion": gettext_lazy("an opinion with reasons"),
}
PORTIONS: Named = {
    "untouched": gettext_lazy("Comments that no detector was changed for"),
    "stratified": gettext_lazy("Comments chosen for having something to find, labelled by two annotators"),
    "random": gettext_lazy("Comments at random, read while the detectors were made"),
}
RELEVANCE: Named = {
    "by headline and summary (fox)": gettext_lazy("By a story’s headline and summary"),
    "by headline and summary, the other nine stories named (fox)": gettext_lazy(
        "By a story’s headline and summary, compared with the paper’s other stories"
    ),
    "by all that a site knows (fox)": gettext_lazy(
        "By headline and summary, comments that stand there already, and the paper’s other stories"
    ),
    "by all that a site knows as the discussion goes on (fox)": gettext_lazy(
        "By headline and summary, the comments that had come before, and the paper’s other stories"
    ),
    "by its comments (c3)": gettext_lazy("By the comments that stand under a story already"),
}
WAYS: Named = {
    "plain": gettext_lazy("said plainly"),
    "affirming": gettext_lazy("said kindly"),
    "quoting": gettext_lazy("hate quoted in order to reject it"),
    "taking back": gettext_lazy("a slur used by the people it is meant for, about themselves"),
}
FUNCTIONS: Named = {
    "strong feeling": gettext_lazy("Hate put as a strong feeling"),
    "bad qualities": gettext_lazy("A group called stupid or dishonest"),
    "less than human": gettext_lazy("A group called less than human"),
    "between the lines": gettext_lazy("Contempt between the lines"),
    "threat": gettext_lazy("A threat"),
    "call for harm": gettext_lazy("A call to harm a group"),
    "rough words": gettext_lazy("Hate in rough words"),
    "said in the next clause": gettext_lazy("Hate of a group that was named just before"),
    "a good word denied": gettext_lazy("Something good denied to a group"),
    "as a question": gettext_lazy("Hate put as a question"),
    "as an opinion": gettext_lazy("Hate put as an opinion"),
    "misspelt": gettext_lazy("Hate in misspelt words"),
    "hate denied": gettext_lazy("Somebody who says that they do not hate"),
    "plain statement": gettext_lazy("A plain statement about a group"),
    "kind statement": gettext_lazy("A kind statement about a group"),
    "quoted to refuse": gettext_lazy("Hate quoted in order to reject it"),
    "refused directly": gettext_lazy("Hate rejected in an answer to its author"),
    "taken back": gettext_lazy("People who speak of themselves"),
    "rough words, harmless": gettext_lazy("Rough words that harm nobody"),
    "things, not people": gettext_lazy("Hatred of things, not people"),
    "other groups": gettext_lazy("Anger at a profession"),
    "slur's other sense": gettext_lazy("A harmless word that is a slur in another sense"),
}
DISGUISES: Named = {
    "Cyrillic look-alikes": gettext_lazy("Cyrillic letters that look alike"),
    "Greek look-alikes": gettext_lazy("Greek letters that look alike"),
    "a sign inside": gettext_lazy("a sign inside the word"),
    "a space inside": gettext_lazy("a space inside the word"),
    "a starred vowel": gettext_lazy("a star for a vowel"),
    "a stretched letter": gettext_lazy("a stretched letter"),
    "accents": gettext_lazy("accents"),
    "bold script letters": gettext_lazy("bold script letters"),
    "circled letters": gettext_lazy("circled letters"),
    "dotted letters": gettext_lazy("dots between letters"),
    "doubled letters": gettext_lazy("doubled letters"),
    "emoji letters": gettext_lazy("letters as emoji"),
    "figures for letters": gettext_lazy("digits for letters"),
    "fullwidth letters": gettext_lazy("fullwidth letters"),
    "hyphened letters": gettext_lazy("hyphens between letters"),
    "letters with strokes": gettext_lazy("letters with strokes"),
    "mixed case": gettext_lazy("mixed case"),
    "signs for letters": gettext_lazy("signs for letters"),
    "small capitals": gettext_lazy("small capitals"),
    "soft hyphens": gettext_lazy("soft hyphens"),
    "spaced letters": gettext_lazy("spaces between letters"),
    "struck through": gettext_lazy("letters struck through"),
    "turned letters": gettext_lazy("letters upside down"),
    "zero-width spaces": gettext_lazy("zero-width spaces"),
}
# What was asked for: in which words, and how its figure is written.
BARS: dict[str, tuple[Any, Callable[[float], str]]] = {
    "talk": (gettext_lazy("Wikipedia’s talk pages: how often a toxic comment ranks above a harmless one"), share),
    "perspective auc": (
        gettext_lazy(
            "Wikipedia’s talk pages as they come: how much better it ranks than Perspective did in 2020, in percentage "
            "points"
        ),
        points,
    ),
    "perspective precision": (
        gettext_lazy(
            "Wikipedia’s talk pages as they come: how much more of what it ranks at the top is toxic than of what "
            "Perspective ranked there in 2020, in percentage points"
        ),
        points,
    ),
    "tf-idf fox": (
        gettext_lazy("A broadcaster’s stories: how much better it ranks than a count of words, in percentage points"),
        points,
    ),
    "tf-idf c3": (
        gettext_lazy(
            "A newspaper’s stories, toxic comments: how much better it ranks than a count of words, in percentage "
            "points"
        ),
        points,
    ),
    "tf-idf ucc": (
        gettext_lazy(
            "A newspaper’s stories, hostile comments: how much better it ranks than a count of words, in percentage "
            "points"
        ),
        points,
    ),
    "functions": (gettext_lazy("Test sentences it judges correctly"), share),
    "harmless functions": (gettext_lazy("Harmless test sentences it judges correctly"), share),
    "flagged": (
        gettext_lazy(
            "Harmless sentences that would be held because of the group they name, for the word it treats worst"
        ),
        share,
    ),
    "bpsn": (
        gettext_lazy(
            "How often a harmless sentence that names a group ranks below an insult, for the word it treats worst"
        ),
        share,
    ),
    "relevance by headline": (
        gettext_lazy("How often a comment is nearer to its own story than to another, by headline and summary"),
        share,
    ),
    "relevance beside others": (
        gettext_lazy(
            "How often a comment is nearer to its own story than to another, by headline and summary and the paper’s "
            "other stories"
        ),
        share,
    ),
    "relevance by all": (
        gettext_lazy("How often a comment is nearer to its own story than to another, by everything the site knows"),
        share,
    ),
    "relevance by comments": (
        gettext_lazy("How often a comment is nearer to its own story than to another, by the comments under it"),
        share,
    ),
    "disguises": (
        gettext_lazy("How much the best disguise of a word worsens the ranking, in percentage points"),
        hundredths,
    ),
    "speed": (gettext_lazy("Comments a second on one processor core"), number),
    "memory": (gettext_lazy("Megabytes of memory"), number),
    "weights": (gettext_lazy("Megabytes of files it is made of"), number),
    "start": (gettext_lazy("Seconds to the first answer"), decimals),
}


def bar(code: str) -> tuple[str, Callable[[float], str]]:
    """What was asked for in words, and how its figure is written."""
    words, say = BARS[code]
    return str(words), say
