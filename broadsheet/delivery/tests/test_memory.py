"""What does not depend on a change is not read again for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from broadsheet.delivery import memory
from broadsheet.delivery.freshness import Freshness, touch
from broadsheet.delivery.memory import remembered
from broadsheet.delivery.models import Version

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def read(monkeypatch):
    """Reads "around" under story:1 and fronts; gives how often it was really read."""
    monkeypatch.setattr(memory, "_kept", {})
    made = []

    def ask(now=NOW, ends=None):
        def make():
            made.append(now)
            return len(made), ends

        freshness = Freshness()
        freshness.look("story:1", "thread:1", "fronts")
        return remembered("around:1", freshness, ("story:1", "fronts"), now, make)

    return ask


@pytest.fixture(autouse=True)
def published():
    touch("story:1", "fronts")


def test_what_was_never_announced_is_read_each_time(read):
    Version.objects.all().delete()
    assert (read(), read()) == (1, 2)


def test_it_is_read_once_while_its_tags_stand_still(read):
    assert (read(), read()) == (1, 1)
    touch("thread:1")
    assert read() == 1


def test_a_change_of_one_of_its_tags_has_it_read_again(read):
    read()
    touch("fronts")
    assert (read(), read()) == (2, 2)


def test_it_is_read_again_from_the_moment_at_which_time_changes_it(read):
    end = NOW + timedelta(minutes=1)
    assert read(ends=end) == 1
    assert read(now=end - timedelta(microseconds=1)) == 1
    assert read(now=end) == 2


def test_so_much_is_kept_and_not_more(read, monkeypatch):
    monkeypatch.setattr(memory, "MOST_KEPT", 3)
    freshness = Freshness()
    freshness.look("story:1")
    for number in range(9):
        assert remembered(f"n:{number}", freshness, ("story:1",), NOW, lambda number=number: (number, None)) == number
    assert len(memory._kept) <= 3
