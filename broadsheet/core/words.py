"""What scripts say, in the newsroom's language: they hold no words of their own, but ask for them by name.

An app lists its words in its own `words.py`; the tag `{% words %}` puts them on a page as inert JSON, which
`core/words.js` reads. Where a number stands in a sentence, each plural category of the language has a form of its own
(Unicode CLDR; the browser's Intl.PluralRules names the same categories).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext

from broadsheet.core.language import locale_of

Word = str | Promise | tuple[str, str]  # a sentence, or one for "one" and one for "many" with %(n)s
SAMPLES = (*range(201), 1_000_000)  # every plural category of the languages we speak has a number among these


def spoken(words: Mapping[str, Word]) -> dict[str, Any]:
    """The words in the language that is active now: a sentence each, or a sentence for each plural category."""
    return {
        name: {category: ngettext(*word, number) for category, number in _samples(get_language() or "en").items()}
        if isinstance(word, tuple)
        else str(word)
        for name, word in words.items()
    }


@cache
def _samples(language: str) -> dict[str, int]:
    """A number of each plural category of a language."""
    rule = locale_of(language).plural_form
    found: dict[str, int] = {}
    for number in SAMPLES:
        found.setdefault(rule(number), number)
    return found
