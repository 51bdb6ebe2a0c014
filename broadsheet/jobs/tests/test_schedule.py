"""The regular jobs: when they are due, and that each runs once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils.module_loading import import_string

from broadsheet.core import clock
from broadsheet.jobs.models import Job
from broadsheet.jobs.schedule import run_due, slot
from broadsheet.jobs.state import state

NAME = "broadsheet.jobs.tests.sample_tasks.job"
FAILING = "broadsheet.jobs.tests.sample_tasks.failing_job"


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-01-10T11:59:00", "2026-01-09T12:00:00"),  # New York is five hours behind in winter
        ("2026-01-10T12:00:00", "2026-01-10T12:00:00"),
        ("2026-07-10T11:30:00", "2026-07-10T11:00:00"),  # and four in summer
        ("2026-03-08T11:30:00", "2026-03-08T11:00:00"),  # the morning on which the clocks change
        ("2026-11-01T12:30:00", "2026-11-01T12:00:00"),
    ],
)
def test_a_daily_job_is_due_at_its_hour_of_the_newsrooms_clock(now, expected):
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert slot({"hour": 7}, at) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


def test_an_hour_that_the_clock_leaps_over_still_comes(settings):
    settings.TIME_ZONE = "America/New_York"
    day = datetime(2026, 3, 8, 18, tzinfo=UTC)  # 2 a.m. did not exist that day
    assert day - timedelta(hours=12) < slot({"hour": 2}, day) < day


def test_a_frequent_job_is_due_when_its_seconds_have_passed():
    now = datetime(2026, 1, 10, 12, 0, 47, tzinfo=UTC)
    assert slot({"every": 20}, now) == datetime(2026, 1, 10, 12, 0, 40, tzinfo=UTC)


@pytest.mark.django_db
def test_a_job_runs_once_for_each_of_its_moments(settings, ran, monkeypatch):
    settings.JOBS = {NAME: {"hour": 7}}
    morning = datetime(2026, 1, 10, 12, 0, tzinfo=UTC)
    for minutes, runs in ((0, 1), (1, 1), (23 * 60, 1), (24 * 60, 2), (72 * 60, 3)):
        monkeypatch.setattr(clock, "now", lambda minutes=minutes: morning + timedelta(minutes=minutes))
        run_due()
        assert len(ran) == runs, minutes
    assert state()["last_run"] is not None


@pytest.mark.django_db
def test_of_two_machines_one_runs_a_job(settings, ran, monkeypatch):
    """Both have seen that it is due; the statement that takes it lets one through."""
    settings.JOBS = {NAME: {"every": 60}}
    monkeypatch.setattr("broadsheet.jobs.schedule._is_due", lambda *_: True)
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 1, 10, 12, tzinfo=UTC))
    assert [run_due(), run_due()] == [[NAME], []]
    assert ran == ["job"]


@pytest.mark.django_db
def test_a_job_that_fails_stops_no_other_and_is_tried_again_within_the_hour(settings, ran, monkeypatch):
    settings.JOBS = {FAILING: {"hour": 7}, NAME: {"hour": 7}}
    noon = datetime(2026, 1, 10, 17, tzinfo=UTC)
    for minutes in (0, 10, 31):
        monkeypatch.setattr(clock, "now", lambda minutes=minutes: noon + timedelta(minutes=minutes))
        run_due()
    assert ran == ["failing", "job", "failing"]
    assert Job.objects.get(name=FAILING).fault == "ValueError"


def test_every_regular_job_exists_says_what_it_does_and_when(settings):
    for name, when in settings.JOBS.items():
        assert import_string(name).__doc__, name
        assert list(when) in (["hour"], ["every"]), name
