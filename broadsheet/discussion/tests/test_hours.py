"""Desk hours as pure arithmetic: the next change is always to come, and nothing changes before it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from broadsheet.discussion import hours
from broadsheet.discussion.hours import ALWAYS, Schedule, after_duty, duty_at, time_on_duty

NEW_YORK, DAY = "America/New_York", hours.DAY
OFFICE = (((9 * 60, 17 * 60),),) * 5 + ((),) * 2
# The nights on which clocks change, a half-hour change, a day that was left out, and a zone that has no changes.
ZONES = [NEW_YORK, "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Tokyo", "Africa/Casablanca"]
CHANGES = [
    datetime(2026, 3, 8, 7, tzinfo=UTC), datetime(2026, 11, 1, 6, tzinfo=UTC), datetime(2026, 3, 29, 1, tzinfo=UTC),
    datetime(2026, 10, 25, 1, tzinfo=UTC), datetime(2026, 4, 4, 15, tzinfo=UTC), datetime(2011, 12, 30, 10, tzinfo=UTC),
]  # fmt: skip
MINUTES = st.one_of(st.integers(-3000, 3000), st.integers(-2_000_000, 2_000_000))
MOMENTS = st.builds(lambda near, minutes: near + timedelta(minutes=minutes), st.sampled_from(CHANGES), MINUTES)


@st.composite
def spans(draw):
    marks = sorted(draw(st.lists(st.integers(0, DAY), min_size=0, max_size=4, unique=True)))
    found = list(zip(marks[::2], marks[1::2], strict=False))
    if found and draw(st.booleans()):
        found[-1] = (found[-1][0], found[-1][1] + draw(st.integers(0, 600)))  # a night shift
    return tuple(found)


@st.composite
def schedules(draw):
    week = tuple(draw(spans()) for _ in range(7))
    days = draw(st.dictionaries(st.dates(date(2026, 2, 1), date(2026, 12, 1)), spans(), max_size=4))
    return Schedule(week, tuple(sorted(days.items())), draw(st.sampled_from(ZONES)))


@settings(max_examples=300)
@given(schedules(), MOMENTS, st.floats(0, 0.999999))
@example(ALWAYS, datetime(2026, 3, 8, 7, tzinfo=UTC), 0.5)
def test_the_next_change_is_to_come_and_nothing_changes_before_it(schedule, now, share):
    hours._found.clear()
    duty = duty_at(schedule, now)
    if duty.since:
        assert duty.since <= now
        assert duty_at(schedule, duty.since).is_on == duty.is_on
        assert duty_at(schedule, duty.since - timedelta(seconds=1)).is_on != duty.is_on
    if duty.until is None:
        until = now + timedelta(days=30)
    else:
        until = duty.until
        assert until > now
        hours._found.clear()
        assert duty_at(schedule, until).is_on != duty.is_on
    hours._found.clear()
    between = now + (until - now) * share
    assert duty_at(schedule, between).is_on == duty.is_on


@settings(max_examples=150)
@given(schedules(), MOMENTS, st.integers(0, 3000), st.integers(1, 40 * 60))
def test_time_at_the_desk_adds_up(schedule, begin, first, length):
    middle, end = begin + timedelta(minutes=first), begin + timedelta(minutes=first + 1440)
    whole = time_on_duty(schedule, begin, end)
    assert timedelta() <= whole <= end - begin
    assert whole == time_on_duty(schedule, begin, middle) + time_on_duty(schedule, middle, end)
    done = after_duty(schedule, begin, timedelta(minutes=length))
    if done:
        assert time_on_duty(schedule, begin, done) == timedelta(minutes=length)


def at(*when, zone=NEW_YORK):
    return datetime(*when, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def test_a_week_as_the_wall_clock_shows_it():
    schedule = Schedule(OFFICE, zone=NEW_YORK)
    assert duty_at(schedule, at(2026, 6, 1, 8, 59, 59)).is_on is False
    monday = duty_at(schedule, at(2026, 6, 1, 9))
    assert (monday.is_on, monday.since, monday.until) == (True, at(2026, 6, 1, 9), at(2026, 6, 1, 17))
    weekend = duty_at(schedule, at(2026, 6, 6, 12))
    assert (weekend.is_on, weekend.since, weekend.until) == (False, at(2026, 6, 5, 17), at(2026, 6, 8, 9))
    assert after_duty(schedule, at(2026, 6, 5, 16), timedelta(hours=3)) == at(2026, 6, 8, 11)


def test_the_hours_stay_the_same_on_the_wall_when_the_clock_is_changed():
    schedule = Schedule((((9 * 60, 17 * 60),),) * 7, zone=NEW_YORK)
    assert duty_at(schedule, at(2026, 3, 7, 20)).until == datetime(2026, 3, 8, 13, tzinfo=UTC)
    assert duty_at(schedule, at(2026, 3, 6, 20)).until == datetime(2026, 3, 7, 14, tzinfo=UTC)


def test_an_hour_that_is_left_out_is_the_jump_and_one_that_comes_twice_its_first_coming():
    night = Schedule((((2 * 60 + 15, 2 * 60 + 45), (3 * 60, 4 * 60)),) * 7, zone=NEW_YORK)
    jump = datetime(2026, 3, 8, 7, tzinfo=UTC)
    assert duty_at(night, jump - timedelta(minutes=1)).until == jump
    assert duty_at(night, jump) == hours.Duty(True, jump, datetime(2026, 3, 8, 8, tzinfo=UTC))
    twice = Schedule((((60 + 30, 2 * 60),),) * 7, zone=NEW_YORK)
    first = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert duty_at(twice, first) == hours.Duty(True, first, datetime(2026, 11, 1, 7, tzinfo=UTC))


def test_a_holiday_stands_instead_of_its_weekday_and_a_night_belongs_to_the_day_it_begins_on():
    late = (((18 * 60, 26 * 60),),) * 7
    schedule = Schedule(late, ((date(2026, 12, 25), ()), (date(2026, 12, 26), ((600, 720),))), NEW_YORK)
    assert duty_at(schedule, at(2026, 12, 25, 1)).until == at(2026, 12, 25, 2)
    assert duty_at(schedule, at(2026, 12, 25, 20)).until == at(2026, 12, 26, 10)
    assert duty_at(schedule, at(2026, 12, 26, 13)).until == at(2026, 12, 27, 18)


def test_what_never_changes_says_so_and_a_far_holiday_is_found():
    assert duty_at(ALWAYS, at(2026, 6, 1, 3)) == hours.Duty(True, None, None)
    assert duty_at(Schedule(((),) * 7), at(2026, 6, 1, 3)) == hours.Duty(False, None, None)
    far = Schedule(ALWAYS.week, ((date(2026, 12, 25), ()),), "UTC")
    assert duty_at(far, datetime(2026, 6, 1, tzinfo=UTC)).until == datetime(2026, 12, 25, tzinfo=UTC)
