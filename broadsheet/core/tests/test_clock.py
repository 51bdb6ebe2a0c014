"""Moments in the newsroom's zone, in the words of the page it was modelled on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from broadsheet.core import clock
from broadsheet.core.templatetags.newsroom import comment_time, story_time

SEED = datetime(2014, 2, 8, 18, 5, tzinfo=UTC)


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("America/New_York", "Sat Feb 8, 2014 1:05pm EST"),
        ("Europe/Moscow", "Sat Feb 8, 2014 10:05pm MSK"),
        ("Europe/London", "Sat Feb 8, 2014 6:05pm GMT"),
        ("Asia/Kolkata", "Sat Feb 8, 2014 11:35pm IST"),
        ("America/Sao_Paulo", "Sat Feb 8, 2014 4:05pm UTC-2"),
        ("Asia/Tokyo", "Sun Feb 9, 2014 3:05am JST"),
        ("Asia/Kathmandu", "Sat Feb 8, 2014 11:50pm UTC+5:45"),
        ("UTC", "Sat Feb 8, 2014 6:05pm UTC"),
    ],
)
def test_one_instant_is_told_in_each_newsroom_s_zone(zone, words, settings):
    settings.TIME_ZONE = zone
    assert clock.story_moment(SEED) == words


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (utc(2026, 11, 1, 5, 30), "Sun Nov 1, 2026 1:30am EDT"),  # the first 1:30 of that night
        (utc(2026, 11, 1, 6, 30), "Sun Nov 1, 2026 1:30am EST"),  # and the second
        (utc(2026, 3, 8, 6, 59), "Sun Mar 8, 2026 1:59am EST"),
        (utc(2026, 3, 8, 7, 0), "Sun Mar 8, 2026 3:00am EDT"),
        (utc(2026, 7, 4, 16, 0), "Sat Jul 4, 2026 12:00pm EDT"),  # noon
        (utc(2026, 7, 4, 4, 0), "Sat Jul 4, 2026 12:00am EDT"),  # midnight
        (utc(2026, 7, 4, 13, 0), "Sat Jul 4, 2026 9:00am EDT"),
        (utc(2024, 2, 29, 20, 9), "Thu Feb 29, 2024 3:09pm EST"),
        (utc(2027, 1, 1, 4, 59), "Thu Dec 31, 2026 11:59pm EST"),  # another year in UTC
    ],
)
def test_the_letters_are_those_of_the_instant_and_not_of_today(moment, words):
    assert clock.story_moment(moment) == words


def test_comments_carry_the_seed_s_form():
    assert clock.comment_moment(utc(2014, 2, 8, 20, 42)) == "Feb 08, 2014 3:42pm EST"
    assert clock.comment_moment(utc(2014, 8, 9, 1, 13)) == "Aug 08, 2014 9:13pm EDT"


def test_a_moment_of_another_zone_is_the_same_instant():
    from zoneinfo import ZoneInfo

    assert clock.story_moment(SEED.astimezone(ZoneInfo("Asia/Tokyo"))) == "Sat Feb 8, 2014 1:05pm EST"


def test_templates_print_the_machine_s_form_beside():
    assert story_time(SEED) == '<time datetime="2014-02-08T18:05:00+00:00">Sat Feb 8, 2014 1:05pm EST</time>'
    assert comment_time(SEED) == '<time datetime="2014-02-08T18:05:00+00:00">Feb 08, 2014 1:05pm EST</time>'


@pytest.mark.django_db
def test_the_database_s_clock_tells_utc_and_goes_forward():
    before, after = clock.database_now(), clock.database_now()
    assert before.utcoffset() == timedelta(0)
    assert before <= after
    assert abs(after - clock.now()) < timedelta(minutes=1)
