"""The most read pages are made anew before the bell says that they are old."""

from __future__ import annotations

import threading
import time
from functools import partial
from typing import ClassVar

import pytest

from broadsheet.core.bell import bell
from broadsheet.delivery import freshness
from broadsheet.delivery.ahead import MOST_PAGES, REST, Ahead
from broadsheet.delivery.freshness import touch, touch_calmly
from broadsheet.delivery.store import ReadyPages
from broadsheet.delivery.tests import site
from broadsheet.delivery.tests.conftest import ask
from broadsheet.delivery.tests.test_store import page

pytestmark = pytest.mark.django_db


@pytest.fixture
def before_ringing(monkeypatch):
    prepared = []
    monkeypatch.setattr(freshness, "before_ringing", prepared)
    return prepared


def test_a_page_made_anew_before_the_ring_is_kept_after_it(
    make_edge, before_ringing, django_capture_on_commit_callbacks
):
    edge = make_edge()
    ask(edge, "/page/?page=2&order=newest")
    before_ringing.append(lambda tags: edge.render("/page/?order=newest&page=2", "testserver"))
    site.words["now"] = "second words"
    with django_capture_on_commit_callbacks(execute=True):
        touch("story:1")
    assert site.made["page"] == 2
    assert b"second words, page 2, newest" in ask(edge, "/page/?page=2&order=newest").body
    assert site.made["page"] == 2  # nobody waited for a rendering


def test_until_the_ring_readers_get_the_old_page(make_edge, before_ringing, django_capture_on_commit_callbacks):
    edge, sent = make_edge(), []
    ask(edge, "/page/")
    before_ringing.append(lambda tags: sent.append(ask(edge, "/page/").body))
    site.words["now"] = "second words"
    with django_capture_on_commit_callbacks(execute=True):
        touch("story:1")
    assert sent[0].startswith(b"first words")
    assert ask(edge, "/page/").body.startswith(b"second words")


def test_the_bell_is_rung_even_when_making_ahead_fails(before_ringing, django_capture_on_commit_callbacks):
    def fail(tags):
        raise RuntimeError("a fault in a template")

    before_ringing.append(fail)
    before = bell().heard("story:1")
    with pytest.raises(RuntimeError), django_capture_on_commit_callbacks(execute=True):
        touch("story:1")
    assert bell().heard("story:1") != before


def test_the_latest_read_pages_of_the_changed_tags_are_made_and_no_others():
    pages, made = ReadyPages(), []
    for number in range(6):
        pages.put(f"/story/{number}", page("story:1"))
    pages.put("/other/", page("story:2"))
    long_ago = page("story:1")
    pages.put("/long-ago/", long_ago)
    long_ago.used_at -= 60
    Ahead(pages, made.append).prepare(["story:1", "fronts"])
    assert sorted(made) == [f"/story/{number}" for number in range(6 - MOST_PAGES, 6)]


def test_changes_during_a_rendering_share_the_next_one():
    pages = ReadyPages()
    pages.put("/", page("story:1"))
    entered, opened, made = threading.Semaphore(0), threading.Event(), []

    def render(key):
        made.append(key)
        entered.release()
        assert opened.wait(10)

    ahead = Ahead(pages, render)
    first = threading.Thread(target=ahead.prepare, args=(["story:1"],))
    first.start()
    assert entered.acquire(timeout=10)
    waiting = [ahead._soon("/") for _ in range(5)]  # five changes are committed while the first is being shown
    opened.set()
    for each in waiting:
        each.result(10)
    first.join(10)
    assert made == ["/", "/"]


def test_between_two_renderings_the_processor_is_left_to_others():
    pages, began = ReadyPages(), []
    pages.put("/", page("story:1"))

    def render(key):
        began.append(time.monotonic())
        until = time.thread_time() + 0.02
        while time.thread_time() < until:
            pass

    ahead = Ahead(pages, render)
    for _ in range(2):
        ahead.prepare(["story:1"])
    assert began[1] - began[0] >= 0.02 * (1 + REST)


def test_a_page_that_cannot_be_made_keeps_nobody_from_writing(caplog):
    pages = ReadyPages()
    pages.put("/", page("story:1"))

    def fail(key):
        raise RuntimeError("a fault in a template")

    Ahead(pages, fail).prepare(["story:1"])
    assert "could not be made ahead" in caplog.text


class Alarm:
    """A timer that goes off when the test says so."""

    set_ones: ClassVar[list[Alarm]] = []

    def __init__(self, wait, act, given):
        self.ring = partial(act, *given)

    def start(self):
        self.set_ones.append(self)


def test_what_is_counted_often_is_announced_at_once_and_then_once_a_second(
    monkeypatch, before_ringing, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(freshness, "CALM", 3600)
    monkeypatch.setattr(freshness, "_calm", freshness.Calm())
    monkeypatch.setattr(freshness.threading, "Timer", Alarm)
    announced = []
    before_ringing.append(announced.append)
    for _ in range(20):
        with django_capture_on_commit_callbacks(execute=True):
            touch_calmly("respects:1")
    assert announced == [["respects:1"]]
    with django_capture_on_commit_callbacks(execute=True):
        touch_calmly("respects:2")
        touch("story:1")
    assert announced[1:] == [["respects:2"], ["story:1"]]
    (alarm,) = Alarm.set_ones
    alarm.ring()
    assert announced[3:] == [["respects:1"]]
    with django_capture_on_commit_callbacks(execute=True):
        touch_calmly("respects:1")
    assert (len(announced), len(Alarm.set_ones)) == (4, 2)


def test_a_version_moves_on_with_each_change_however_calmly_it_is_announced(django_capture_on_commit_callbacks):
    seen = set()
    for _ in range(3):
        with django_capture_on_commit_callbacks(execute=True):
            touch_calmly("respects:3")
        seen.add(freshness.versions(("respects:3",))["respects:3"])
    assert len(seen) == 3
