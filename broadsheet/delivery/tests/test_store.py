"""When a kept page still holds, and how many are kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError
from django.http import HttpResponse

from broadsheet.core.bell import bell
from broadsheet.delivery.freshness import Freshness, touch
from broadsheet.delivery.models import Version
from broadsheet.delivery.ready import ReadyPage
from broadsheet.delivery.store import ReadyPages
from broadsheet.delivery.tests.conftest import Clock

pytestmark = pytest.mark.django_db


def page(*tags, body=b"words", until=None):
    freshness = Freshness()
    freshness.look(*tags)
    freshness.until(until)
    return ReadyPage(HttpResponse(body), freshness)


def started(ready):
    """Steady ticks that begin when the page was read."""
    return Clock(ready.checked_at)


def test_a_ring_of_another_tag_changes_nothing():
    pages, ready = ReadyPages(), page("story:1")
    pages.put("/", ready)
    bell().ring("story:2")
    assert pages.get("/") is ready
    assert pages.get("/") is ready


def test_a_change_of_its_tag_drops_the_page(django_capture_on_commit_callbacks):
    pages = ReadyPages()
    pages.put("/", page("story:1", "fronts"))
    with django_capture_on_commit_callbacks(execute=True):
        touch("fronts")
    assert pages.get("/") is None
    assert len(pages) == 0


def test_a_ring_is_a_reason_to_look_and_not_to_drop(django_assert_num_queries):
    """Another tag may share the slot, or the page was made anew before the ring."""
    pages, ready = ReadyPages(), page("story:1")
    pages.put("/", ready)
    bell().ring("story:1")
    with django_assert_num_queries(1):
        assert pages.get("/") is ready
        assert pages.get("/") is ready


def test_a_change_whose_bell_was_lost_is_seen_after_a_second():
    ready = page("story:1")
    ticks = started(ready)
    pages = ReadyPages(ticks=ticks)
    pages.put("/", ready)
    touch("story:1")  # its transaction never ends here, so the bell is not rung: another machine's change
    ticks.now += 0.9
    assert pages.get("/") is ready
    ticks.now += 0.2
    assert pages.get("/") is None


def test_the_database_is_asked_once_a_second_and_not_by_every_reader(django_assert_num_queries):
    ready = page("story:1")
    ticks = started(ready)
    pages = ReadyPages(ticks=ticks)
    pages.put("/", ready)
    with django_assert_num_queries(2):
        for _ in range(20):
            ticks.now += 0.11
            assert pages.get("/") is ready


def test_a_page_holds_until_its_moment_and_not_longer():
    moment = datetime(2026, 1, 1, 12, tzinfo=UTC)
    clock = Clock(moment.timestamp() - 0.001)
    ready = page("story:1", until=moment)
    pages = ReadyPages(clock=clock)
    pages.put("/", ready)
    assert pages.get("/") is ready
    clock.now = moment.timestamp()
    assert pages.get("/") is None


def test_the_earliest_of_several_moments_counts():
    freshness = Freshness()
    soon, late = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    freshness.until(late, None)
    freshness.until(soon, late)
    assert freshness.ends == soon


def test_without_its_database_the_paper_stays_readable_for_a_minute():
    asked = []

    def away(tags):
        asked.append(tags)
        raise OperationalError("could not connect")

    ready = page("story:1")
    ticks = started(ready)
    pages = ReadyPages(ask=away, ticks=ticks)
    pages.put("/", ready)
    for _ in range(59):
        ticks.now += 1
        assert pages.get("/") is ready
    assert len(asked) < 35  # a dead database is not asked for every page and second
    ticks.now += 2
    assert pages.get("/") is None


def test_without_its_database_a_page_that_was_rung_off_is_not_served():
    def away(tags):
        raise OperationalError("could not connect")

    pages = ReadyPages(ask=away)
    pages.put("/", page("story:1"))
    bell().ring("story:1")
    assert pages.get("/") is None


def test_the_longest_unused_pages_make_room():
    ticks = Clock(0)
    pages = ReadyPages(60_000, ask=lambda tags: {}, ticks=ticks)
    for number in range(30):
        ticks.now += 0.001
        pages.put(f"/{number}", page())
        pages.get("/0")  # somebody reads the first page all the time
    assert 5 < len(pages) < 16
    assert pages.get("/0") is not None
    assert pages.get("/1") is None
    assert pages.get("/29") is not None


def test_a_store_without_room_keeps_nothing():
    pages = ReadyPages(0)
    pages.put("/", page("story:1"))
    assert pages.get("/") is None


def test_touching_twice_gives_another_version_each_time(django_capture_on_commit_callbacks):
    touch("story:9", "fronts")
    first = dict(Version.objects.values_list("tag", "number"))
    touch("fronts", "story:9", "fronts")
    second = dict(Version.objects.values_list("tag", "number"))
    assert first.keys() == second.keys() == {"story:9", "fronts"}
    assert all(first[tag] != second[tag] for tag in first)


def test_the_bell_is_rung_after_the_commit_and_not_before(django_capture_on_commit_callbacks):
    before = bell().heard("story:3")
    with django_capture_on_commit_callbacks(execute=True):
        touch("story:3")
        assert bell().heard("story:3") == before
    assert bell().heard("story:3") != before


def test_until_now_is_said_with_the_page_that_ends_soonest():
    moment = datetime.now(UTC) - timedelta(seconds=1)
    pages = ReadyPages()
    pages.put("/", page("story:1", until=moment))
    assert pages.get("/") is None
