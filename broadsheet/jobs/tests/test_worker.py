"""The queue and its worker."""

from __future__ import annotations

import signal
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from broadsheet.core import clock
from broadsheet.core.bell import bell
from broadsheet.jobs import upkeep
from broadsheet.jobs.backend import TAG
from broadsheet.jobs.state import state
from broadsheet.jobs.tests.sample_tasks import fail, note
from broadsheet.jobs.worker import TRIES, Worker, give_back, take_seat

pytestmark = pytest.mark.django_db


def drain(worker):
    while worker.run_next():
        pass


def test_a_task_waits_for_the_worker_and_runs_once(worker, queue):
    result = note.enqueue("hello")
    assert queue == []
    drain(worker)
    drain(worker)
    result.refresh()
    assert (queue, result.return_value) == (["hello"], "hello")


def test_tasks_run_in_the_order_in_which_they_came(worker, queue):
    for words in "abc":
        note.enqueue(words)
    drain(worker)
    assert queue == ["a", "b", "c"]


def test_a_task_is_left_alone_until_its_moment(worker, queue):
    later = note.using(run_after=clock.now() + timedelta(hours=1))
    later.enqueue("later")
    drain(worker)
    assert queue == []
    DBTaskResult.objects.update(run_after=clock.now())
    drain(worker)
    assert queue == ["later"]


def test_a_task_that_fails_stops_no_other(worker, queue):
    broken = fail.enqueue()
    note.enqueue("after")
    drain(worker)
    broken.refresh()
    assert (queue, broken.status) == (["after"], "FAILED")
    assert state()["failed_today"] == 1


def test_a_task_that_is_rolled_back_never_runs(worker, queue):
    with pytest.raises(ValueError, match="undone"), transaction.atomic():
        note.enqueue("never")
        raise ValueError("undone")
    drain(worker)
    assert queue == []


@pytest.mark.django_db(transaction=True)
def test_the_bell_rings_for_a_task_when_it_is_committed(queue):
    with transaction.atomic():
        note.enqueue("hello")
        before = bell().heard(TAG)
    assert bell().heard(TAG) != before


def test_a_worker_with_nothing_to_do_writes_nothing(worker):
    with CaptureQueriesContext(connection) as asked:
        worker.work()
    assert {query["sql"].split()[0] for query in asked} == {"SELECT"}


def test_the_search_index_waits_for_no_worker(queue, settings, ran):
    settings.TASKS_AT_ONCE = ["broadsheet.jobs.tests."]
    note.enqueue("at once")
    assert (queue, DBTaskResult.objects.count()) == (["at once"], 0)


def test_what_a_worker_left_undone_is_taken_up_by_who_sits_there_next(worker, queue):
    note.enqueue("again")
    DBTaskResult.objects.get().claim(worker.worker_id)
    drain(worker)
    assert queue == []
    assert give_back(worker.worker_id) == 1
    drain(worker)
    assert queue == ["again"]


def test_what_another_worker_is_doing_is_left_to_it(worker, queue):
    note.enqueue("theirs")
    DBTaskResult.objects.get().claim("another:00000000:1")
    assert give_back(worker.worker_id) == 0
    assert give_back() == 0
    DBTaskResult.objects.update(started_at=clock.now() - timedelta(hours=2))
    upkeep.give_back_lost()
    drain(worker)
    assert queue == ["theirs"]


def test_what_a_worker_of_this_machine_is_still_doing_is_left_to_it_however_long(worker, queue):
    note.enqueue("long")
    DBTaskResult.objects.get().claim(worker.worker_id)
    DBTaskResult.objects.update(started_at=clock.now() - timedelta(hours=2))
    assert give_back() == 0
    worker.seat.close()
    assert give_back() == 1


def test_a_task_that_kills_its_workers_is_given_up(worker, queue):
    note.enqueue("deadly")
    for _ in range(TRIES):
        DBTaskResult.objects.get().claim(worker.worker_id)
        give_back(worker.worker_id)
    drain(worker)
    assert (queue, DBTaskResult.objects.get().status) == ([], "FAILED")


def test_two_workers_of_a_machine_sit_apart_and_a_free_seat_is_taken_again(settings, tmp_path):
    settings.RUN_DIR = tmp_path
    (one, first), (other, second) = take_seat(), take_seat()
    assert one != other
    first.close()
    again, third = take_seat()
    assert again == one
    second.close()
    third.close()


def test_told_to_stop_a_worker_finishes_and_told_twice_it_ends(worker, queue):
    note.enqueue("left")
    worker.shutdown(signal.SIGTERM, None)
    worker.run()
    assert queue == []
    with pytest.raises(SystemExit):
        worker.shutdown(signal.SIGTERM, None)


def test_a_worker_outlives_a_database_that_is_away(worker, monkeypatch):
    asked = []

    def away(self):
        asked.append(1)
        if len(asked) == 2:
            self.running = False
        raise OperationalError("gone")

    monkeypatch.setattr(Worker, "work", away)
    monkeypatch.setattr("broadsheet.jobs.worker.LOOK", 0.0)
    worker.run()
    assert len(asked) == 2


def test_old_results_are_cleared_away_and_fresh_ones_kept(worker, queue):
    for words in ("old", "fresh"):
        note.enqueue(words)
    fail.enqueue()
    drain(worker)
    long_ago = clock.now() - timedelta(days=8)
    DBTaskResult.objects.filter(args_kwargs__args=["old"]).update(finished_at=long_ago)
    DBTaskResult.objects.failed().update(finished_at=long_ago)
    assert upkeep.results(clock.now())[0] == 1
    assert sorted(DBTaskResult.objects.values_list("status", flat=True)) == ["FAILED", "SUCCESSFUL"]


def test_the_backlog_is_told(queue):
    note.enqueue("one")
    DBTaskResult.objects.update(enqueued_at=clock.now() - timedelta(minutes=3))
    told = state()
    assert (told["waiting"], told["worker"], told["last_run"]) == (1, False, None)
    assert 170 < told["oldest_seconds"] < 200
