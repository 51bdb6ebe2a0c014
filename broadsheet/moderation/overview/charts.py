"""The overview's charts as numbers for SVG: where each bar and mark stands. The templates draw them; no script does.

Whatever a chart shows stands in a table below it too, and nothing is told by colour alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from babel.dates import format_skeleton
from babel.numbers import format_decimal
from django.utils.translation import get_language_bidi

from broadsheet.core import language
from broadsheet.core.language import DAY, HOUR, MINUTE, counted, locale, number
from broadsheet.moderation.overview.figures import Figures, Period, percentile

WIDTH, HEIGHT = 720, 200  # in the chart's own units
LEFT, RIGHT, FOOT, TOP = 76, 20, 24, 8  # room for the scale and the days
MOST_LABELS = 8
LEAST = 0.005  # of a share that rounds to a hundredth
TWICE = 2  # of a unit, from which on a time is told in it: "one hour" may be nearly two
# Seconds at which the scale of times has a line: it is logarithmic, for a minute and a week are both usual.
LINES = ((60, 60), (600, 60), (3600, 3600), (6 * 3600, 3600), (86400, 86400), (7 * 86400, 86400))


def day_words(day: date) -> str:
    """Feb 8, as the language writes it."""
    return str(format_skeleton("MMMd", day, locale=locale()))


@dataclass(frozen=True)
class Line:
    """A line of the scale, with what it stands for."""

    y: float
    words: str


@dataclass(frozen=True)
class Column:
    """One day: its name, two stacked bars, or two marks; each only where there is something."""

    day: date
    words: str
    x: float
    width: float
    label: bool  # whether its name stands under it
    low: float | None = None  # the lower bar's upper end, or the median's mark
    high: float | None = None  # the upper bar's upper end, or the slow mark
    numbers: tuple[int, ...] = ()
    times: tuple[timedelta | None, ...] = ()

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    @property
    def low_height(self) -> float:
        return round(HEIGHT - FOOT - (self.low or 0), 1)

    @property
    def high_height(self) -> float:
        return round((self.low if self.low is not None else HEIGHT - FOOT) - (self.high or 0), 1)


@dataclass(frozen=True)
class Chart:
    """A picture of some days; `table` is the same to be read."""

    columns: list[Column]
    lines: list[Line] = field(default_factory=list)
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    base: int = HEIGHT - FOOT

    @property
    def is_empty(self) -> bool:
        return not any(any(each.numbers) or any(each.times) for each in self.columns)


def acts_by_day(period: Period) -> Chart:
    """Decisions a day: people's below, the rules' above."""
    most = _round_up(max((figures.people + figures.rules for _, figures in period.days), default=0))
    columns = []
    for day, x, width, label, figures in _places(period):
        low = _linear(figures.people, most)
        high = _linear(figures.people + figures.rules, most)
        numbers = (figures.people, figures.rules)
        columns.append(Column(day, day_words(day), x, width, label, low, high, numbers=numbers))
    lines = [Line(_linear(value, most), number(value)) for value in (most // 2, most) if value]
    return Chart(columns, lines)


def times_by_day(period: Period) -> Chart:
    """The time to a decision by day: half were faster than the one mark, nine of ten than the other."""
    columns = []
    for day, x, width, label, figures in _places(period):
        half, most = (percentile(figures.buckets(), share) for share in (0.5, 0.9))
        low, high = (None if each is None else _logarithmic(each.total_seconds()) for each in (half, most))
        columns.append(Column(day, day_words(day), x, width, label, low, high, times=(half, most)))
    return Chart(columns, [Line(_logarithmic(at), counted(at, unit)) for at, unit in LINES])


@dataclass(frozen=True)
class Share:
    """One row of a list of shares: how long its bar is, of a hundred."""

    label: str
    count: int
    percent: str
    length: float


def shares(rows: Sequence[tuple[str, int]]) -> list[Share]:
    """The rows with something in them, the greatest first, each as its part of the whole."""
    total, most = sum(count for _, count in rows), max((count for _, count in rows), default=0)
    ordered = sorted((row for row in rows if row[1]), key=lambda row: -row[1])
    return [Share(label, count, percent(count / total), round(100 * count / most, 1)) for label, count in ordered]


def percent(share: float) -> str:
    """37%: a share as the language writes it, in whole hundredths; "<1%" of what is there and rounds to nothing."""
    little = 0 < share < LEAST
    return (_signed("<") if little else "") + language.percent(1 if little else round(100 * share))


def decimals(value: float) -> str:
    """0.62, or 0,62."""
    return str(format_decimal(round(value, 2), format="0.00", locale=locale()))


def points(value: float) -> str:
    """+12% or -3%: a difference of shares, with its sign."""
    return (_signed("+") if value > 0 else "") + percent(value)


def _signed(sign: str) -> str:
    """A sign that stays before its number where lines run from right to left: there it would be mirrored behind it."""
    return f"\u200e{sign}" if get_language_bidi() else sign


def how_long(period: timedelta | None) -> str:
    """5 hours, 100 minutes: rounded to the unit that tells enough of it; a dash where there is nothing to tell."""
    if period is None:
        return "–"
    seconds = period.total_seconds()
    unit = next((unit for unit in (DAY, HOUR, MINUTE) if seconds >= TWICE * unit), 1)
    return counted(round(seconds / unit) * unit, unit)


def _places(period: Period) -> Iterator[tuple[date, float, float, bool, Figures]]:
    room = (WIDTH - LEFT - RIGHT) / len(period.days)
    apart = max(1, math.ceil(len(period.days) / MOST_LABELS))
    last = len(period.days) - 1
    for place, (day, figures) in enumerate(period.days):
        yield day, round(LEFT + room * (place + 0.1), 1), round(room * 0.8, 1), (last - place) % apart == 0, figures


def _linear(value: float, most: int) -> float:
    return round(HEIGHT - FOOT - (HEIGHT - FOOT - TOP) * value / max(1, most), 1)


def _logarithmic(seconds: float) -> float:
    low, high = math.log(LINES[0][0] / 2), math.log(LINES[-1][0] * 2)
    share = (min(max(math.log(max(seconds, 1)), low), high) - low) / (high - low)
    return round(HEIGHT - FOOT - (HEIGHT - FOOT - TOP) * share, 1)


def _round_up(value: int) -> int:
    """The next of 10, 20, 50, 100, 200 ...: where a scale ends."""
    step = 10
    while True:
        for times in (1, 2, 5):
            if value <= step * times:
                return step * times
        step *= 10
