"""Marks of a contribution that show in any language: a link out of the site, figures in the digits of any script."""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import urlsplit

from django.conf import settings

_LINK = re.compile(r'<a href="(https?://[^"]{1,2000})"')
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[^\s@]{1,64}@\S+", re.IGNORECASE)

# \d is any script's digit. Begun at its first digit and never given back: a page of digits costs one pass.
# The groups behind it are bounded: each of a page of groups is the first of those that follow it.
_NUMBER = r"(?<![\d.,'’])\d[\d.,'’]*+(?: \d{3}(?!\d)){0,6}+"
_END = r"(?![^\W\d_])"  # nothing of a longer word follows: "5 m" is a measure and "5 months" is not
_PERCENT = (
    "[%％٪]|percent|per cent|pct|prozent|pour cent|por ciento|por cento|per cento|procent|процент|відсот|パーセント|割"
    "|بالمئة|بالمائة|في المئة"
)
_SIGNS = "[$€£¥￥₽₴₹₩₺₪₫₱﷼]"
_CODES = "usd|eur|gbp|jpy|chf|rub|uah|pln|brl|cny|inr|aed|sar|egp"
_MONEY = (
    rf"{_SIGNS}|円|ドル|ユーロ|ポンド|دولار|يورو|ريال|درهم|جنيه|(?:{_CODES}|dollars?|euros?|pounds?|francs?|franken"
    r"|dólares|libras?|reais|pesos?|dollari|sterline|złot\w*|zł|cents?|рубл\w*|руб|долл\w*|дол|грн|гривен|гривн\w*"
    rf"|євро|евро){_END}"
)
# No time: nearly every anecdote has a "ten minutes" or "thirty years" in it.
_MEASURES = (
    r"[㎡㎞㎏℃]|メートル|キロ|トン|ヘクタール|度|人|متر|كيلو|طن|لتر|هكتار"
    r"|(?:km/h|km²|m²|m³|km|cm|mm|metres?|meters?|metern|mètres?|metros?|metri|metrów|kilom[eéè]t\w*|miles?|millas?"
    r"|feet|ft|m|acres?|ha|hectáreas|hectares?|hektar\w*|kg|kilos?|tons?|tonnes?|tonnen|lbs?|lit(?:er|re)s?|litros?"
    r"|gallons?|kwh|mwh|gwh|kw|mw|gw|°c|°f|degrees|gb|mb|tb|db|км|метр\w*|кг|тонн\w*|га|л[иі]тр\w*"
    rf"){_END}"
)
_MANY = (
    r"[万萬億兆千]|ألف|آلاف|مليون|مليار|(?:thousand|million|billion|tausend|millionen|milliarden|mio|mrd|mille|millions"
    r"|milliards|mil|millones|milhões|milioni|miliardi|mila|duizend|miljoen|miljard|tys|mln|mld|тыс|млн|млрд|тис"
    rf"){_END}"
)
_FIGURES = [
    rf"{_NUMBER} ?(?:{_PERCENT})",
    rf"{_NUMBER} ?(?:{_MONEY})",
    rf"(?:{_SIGNS}|\b(?:{_CODES})) ?\d",
    rf"{_NUMBER} ?(?:{_MEASURES})",
    rf"{_NUMBER} ?(?:{_MANY})",
    r"(?<![\d.,])(?:1[5-9]|20)\d\d(?![\d.,]*\d)",  # a year
    r"\d{4}年",
    r"(?<!\d)\d{1,3}(?:[,.'’]\d{3}){1,5}(?!\d)",  # 12,500 as many languages group it
    r"(?<!\d)\d{1,9} (?:out of|of the|of|in every|von|sur|de cada|su|van de|на|из|з) \d{1,9}(?!\d)",  # 9 of 61
]


@cache
def _figures() -> re.Pattern[str]:
    return re.compile("|".join(_FIGURES), re.IGNORECASE)


def cites_source(html: str) -> bool:
    """Whether it links to somewhere else on the web."""
    own = urlsplit(settings.SITE_URL).hostname
    return any(_host(address) not in {own, None} for address in _LINK.findall(html))


def _host(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:  # a bracket where no address of that kind has one
        return None


def without_addresses(words: str) -> str:
    """The words without links and mail addresses: the year in an address is no figure."""
    return _ADDRESS.sub(" ", words)


def gives_figures(words: str) -> bool:
    """Whether it names an amount, a share, a measure or a year."""
    return _figures().search(words) is not None
