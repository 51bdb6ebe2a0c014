"""The newsroom's language where a translated sentence alone will not do: numbers, lists, and how moments are written.

The facts are the Unicode CLDR's, by Babel. Digits are Latin in every language, as the Arabic web writes them too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext, pgettext, to_locale


def locale() -> Locale:
    """The CLDR's locale of the language that is active now."""
    return locale_of(get_language() or "en")


@cache
def locale_of(language: str) -> Locale:
    """The CLDR's locale of a language; for one it does not know (the tests invent one), that of its first part."""
    try:
        return Locale.parse(to_locale(language))
    except (UnknownLocaleError, ValueError):
        return Locale.parse(language.partition("-")[0])


def is_english() -> bool:
    """English has a house style of its own, that of the pages we began from; the others have the CLDR's."""
    return locale().language == "en"


def number(value: int | float) -> str:
    """1,234 in English, 1.234 in German: a number to be read, never one that a program reads."""
    return format_decimal(value, locale=locale())


def percent(hundredths: int) -> str:
    """37% in English, 37 % in German: a share in whole hundredths, to be read."""
    return format_percent(hundredths / 100, locale=locale())


def and_list(items: Iterable[str]) -> SafeString:
    """Names in a row as the language joins them: "Ann, Ben and Cat". Escapes what is not safe already."""
    named = list(items)
    if not named:
        return SafeString("")
    places = ["{}"] * len(named)
    return format_html(_house_list(places) if is_english() else format_list(places, locale=locale()), *named)


def _house_list(parts: list[str]) -> str:
    """No comma before "and"."""
    return ", ".join(parts) if len(parts) < 2 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def with_html(sentence: str, **parts: str) -> SafeString:
    """A translated sentence with HTML in its places: the words and what is not safe in the places are escaped."""
    pieces = re.split(r"%\((\w+)\)s", sentence)
    return format_html_join("", "{}", ((parts[one] if place % 2 else one,) for place, one in enumerate(pieces)))


def comma_list(items: Iterable[str]) -> str:
    """Things in a row without an "and": the reasons of a score, the groups of an account."""
    # Translators: what stands between the items of a list; with its space, where your language writes one.
    return pgettext("between the items of a list", ", ").join(items)


DAY, HOUR, MINUTE = 86400, 3600, 60


def duration(period: timedelta) -> str:
    """14 days, 36 hours, 5 minutes: in the largest unit that loses nothing, down to minutes.

    It stands after a colon or in brackets, for the words around it would bend it in half of our languages.
    """
    seconds = int(period.total_seconds())
    if seconds and seconds % DAY == 0:
        return counted(seconds, DAY)
    return counted(seconds, HOUR if seconds >= HOUR else MINUTE)


def glance(period: timedelta) -> str:
    """3 hours, 2 years: roughly how long, in the largest unit there is one of."""
    seconds = int(period.total_seconds())
    for length in (365 * DAY, 30 * DAY, DAY, HOUR, MINUTE):
        if seconds >= length:
            return counted(seconds, length)
    return gettext("less than a minute")


def counted(seconds: int, length: int) -> str:
    """How many whole days, hours... there are in so many seconds."""
    value = seconds // length
    units = {
        365 * DAY: ngettext("%(number)s year", "%(number)s years", value),
        30 * DAY: ngettext("%(number)s month", "%(number)s months", value),
        DAY: ngettext("%(number)s day", "%(number)s days", value),
        HOUR: ngettext("%(number)s hour", "%(number)s hours", value),
        MINUTE: ngettext("%(number)s minute", "%(number)s minutes", value),
        1: ngettext("%(number)s second", "%(number)s seconds", value),
    }
    return units[length] % {"number": number(value)}
