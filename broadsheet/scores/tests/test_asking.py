"""The thread behind which the scorer works: what is late, what fails, what is asked twice; and the real scorer."""

from __future__ import annotations

import logging
import os
import threading
import time

import pytest

from broadsheet.scores import asking
from broadsheet.scores.asking import Asked, Asker
from broadsheet.scores.tests.conftest import Told
from broadsheet.scoring.answers import Facts, Story


@pytest.fixture
def scorer():
    made = Told()
    yield made
    made.open.set()
    made.trap.set()


def begin(asker, scorer, text):
    """Ask for what the scorer begins with, however busy the machine is, and wait no longer for it."""
    scorer.begun.clear()
    while not scorer.begun.is_set():
        assert asker.within([Asked(text)], 0.05) == [None]


def test_an_answer_that_is_not_there_in_time_is_none(scorer):
    asker = Asker(lambda: scorer)
    scorer.open.clear()
    began = time.monotonic()
    assert asker.within([Asked("Hello")], 0.05) == [None]
    assert time.monotonic() - began < 5
    scorer.open.set()
    assert asker.within([Asked("Hello again")], 20)[0].scores.model == "told/1"


def test_a_scorer_made_ready_beforehand_is_loaded_before_anybody_asks(scorer):
    loaded = threading.Event()
    asker = Asker(lambda: loaded.set() or scorer)
    asker.prepare()
    assert loaded.wait(20)
    assert asker.within([Asked("Hello")], 20)[0] is not None
    assert [text for text, _, _ in scorer.asked] == ["Hello"]


def test_what_nobody_waits_for_any_more_is_not_scored(scorer):
    asker = Asker(lambda: scorer)
    scorer.open.clear()
    begin(asker, scorer, "begun")
    assert asker.within([Asked("given up")], 0.05) == [None]
    scorer.open.set()
    asker.within([Asked("last")], 20)
    assert [text for text, _, _ in scorer.asked] == ["begun", "last"]


def test_a_full_queue_is_late_at_once(scorer):
    asker = Asker(lambda: scorer, room=1)
    scorer.open.clear()
    waiting = threading.Thread(target=asker.within, args=([Asked("at work")], 20))
    waiting.start()
    assert scorer.begun.wait(20)
    asker._room.put_nowait(asking._Job([Asked("in the queue")]))
    began = time.monotonic()
    assert asker.within([Asked("too many")], 60) == [None]
    assert time.monotonic() - began < 30
    scorer.open.set()
    waiting.join(20)


@pytest.fixture
def impatient(monkeypatch):
    """A thread is given up as soon as somebody looks for whom it has not come back."""
    monkeypatch.setattr(asking, "STUCK", 0.5)
    monkeypatch.setattr(asking, "LOOKS", 0.05)


def test_a_scorer_that_does_not_come_back_from_a_text_is_begun_anew_and_goes_on_behind_it(scorer, impatient, caplog):
    loads = []
    asker = Asker(lambda: loads.append(1) or scorer)
    found = asker.within([Asked("fine"), Asked("secret abyss"), Asked("fine too")], 20)
    assert [bool(each) for each in found] == [True, False, True]
    assert (len(loads), asker.given_up(), asker.given_up()) == (2, 1, 0)
    assert asker.within([Asked("the next")], 20)[0].scores.model == "told/1"
    assert "begun anew" in caplog.text
    assert "secret" not in caplog.text


def test_the_next_post_begins_a_stuck_scorer_anew_and_waits_no_longer_for_it(scorer, impatient):
    asker = Asker(lambda: scorer)
    begin(asker, scorer, "abyss")
    asker._hand.begun -= 60
    began = time.monotonic()
    asker.within([Asked("the next")], 0.05)
    assert time.monotonic() - began < 5
    assert asker.within([Asked("the next")], 20)[0] is not None


def test_no_thread_is_left_behind_twice_with_the_same_text(scorer, impatient):
    asker = Asker(lambda: scorer)
    assert asker.within([Asked("abyss")], 20) == [None]
    assert asker.is_hopeless("abyss")
    assert asker.within([Asked("abyss", Story(key="8.1"))], 20) == [None]
    assert asker.given_up() == 1


def test_a_thread_that_comes_back_after_all_ends_and_its_answer_counts(scorer, impatient):
    asker = Asker(lambda: scorer)
    begin(asker, scorer, "abyss")
    left = asker._hand
    assert asker.within([Asked("the next")], 20)[0] is not None
    assert asker._hand is not left
    scorer.trap.set()
    left.thread.join(20)
    assert not left.thread.is_alive()
    assert asker.within([Asked("abyss")], 20)[0] is not None
    assert not asker.is_hopeless("abyss")


def test_of_so_many_stuck_threads_no_more_are_begun_until_one_comes_back(scorer, impatient, caplog):
    asker = Asker(lambda: scorer)
    for place in range(asking.MOST_LEFT + 1):
        assert asker.within([Asked(f"abyss {place}")], 20) == [None]
        assert asker.within([Asked(f"behind {place}")], 20)[0] is not None or place == asking.MOST_LEFT
    began = time.monotonic()
    assert asker.within([Asked("one more")], 60) == [None]
    assert asker.within([Asked("and another")], 60) == [None]
    assert time.monotonic() - began < 30
    assert asker.given_up() == asking.MOST_LEFT
    assert caplog.text.count("restart it") == 1
    scorer.trap.set()
    for hand in asker._left:
        hand.thread.join(20)
    assert asker.within([Asked("one more")], 20)[0] is not None


def test_a_scorer_stuck_while_it_loads_is_loaded_anew_and_no_text_is_blamed(scorer, impatient):
    stuck, loads = threading.Event(), []

    def load():
        loads.append(1)
        if len(loads) == 1:
            stuck.wait()
        return scorer

    asker = Asker(load)
    assert asker.within([Asked("Hello")], 20)[0] is not None
    assert (len(loads), asker.given_up(), asker.is_hopeless("Hello")) == (2, 1, False)
    stuck.set()


def test_the_same_is_scored_once_while_it_is_remembered(scorer):
    asker = Asker(lambda: scorer)
    one = Asked("Hello", Story(key="7.1"), Facts(posts_last_hour=1))
    for _ in range(3):
        asker.within([one], 20)
    asker.within([Asked("Hello", Story(key="7.2"), Facts(posts_last_hour=1))], 20)
    assert len(scorer.asked) == 2


def test_a_scorer_that_cannot_be_loaded_is_tried_again_and_named_in_the_log_without_a_word_of_the_text(caplog):
    tries = []

    def load():
        tries.append(1)
        raise ImportError("secretword")

    asker = Asker(load)
    with caplog.at_level(logging.DEBUG):
        assert asker.within([Asked("secretword")], 20) == [None]
        assert asker.within([Asked("secretword")], 20) == [None]
    assert (len(tries), asker.fault) == (2, "ImportError")
    assert "secretword" not in caplog.text
    assert caplog.text.count("The scorer fails") == 1


def test_one_that_fails_takes_no_other_of_its_batch_with_it(scorer):
    asker = Asker(lambda: scorer)
    found = asker.within([Asked("fine"), Asked("poison"), Asked("fine too")], 20)
    assert [bool(each) for each in found] == [True, False, True]


@pytest.mark.django_db
def test_a_child_process_has_a_thread_of_its_own(told):
    asking.ask([Asked("before")])
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        new = asking.asker()
        os.write(writing, b"yes" if new._hand is None and not new._lock.locked() else b"no")
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reading, 3) == b"yes"
    os.close(reading)
    os.close(writing)


@pytest.mark.django_db
def test_the_scorer_that_comes_along_answers(on):
    old = asking.set_asker(Asker())
    try:
        foul, fine = asking.ask([Asked("You are a stupid idiot, shut up."), Asked("I walked across the bridge today.")])
    finally:
        asking.set_asker(old)
    assert foul.scores.inappropriate.value > 0.7 > 0.3 > fine.scores.inappropriate.value
    assert foul.milliseconds > 0
