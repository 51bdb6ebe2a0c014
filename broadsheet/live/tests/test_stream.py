"""What a reader's stream delivers, over real sockets."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from broadsheet.live.tests.conftest import PATIENCE, Follower


def revisions_until(follower, last):
    """The ids of all comments heard up to that revision, in order."""
    heard = []
    while not heard or heard[-1] < last:
        event = follower.event()
        assert event, f"the stream ended at {heard[-1:]}"
        heard += [comment["id"] for comment in event.data["comments"]]
    return heard


def test_a_stream_begins_with_what_the_page_did_not_show_yet(follow, notebook):
    for _ in range(3):
        notebook.write(1)
    follower = follow("/live/threads/1?since=1")
    status, headers = follower.head()
    assert status == 200
    assert headers["content-type"] == "text/event-stream"
    assert headers["access-control-allow-origin"] == "*"
    assert headers["cache-control"] == "no-store"
    assert "set-cookie" not in headers
    event = follower.event()
    assert (event.name, event.id, event.data["revision"]) == ("change", "3", 3)
    assert [comment["id"] for comment in event.data["comments"]] == [2, 3]


def test_what_is_written_later_arrives(follow, notebook):
    follower = follow()
    follower.head()
    notebook.write(1, "A line\nwith an end, a \r and a \u2028")
    assert follower.event().data["comments"][0]["html"] == "<li>A line\nwith an end, a \r and a \u2028</li>"


def test_what_the_browser_last_heard_counts_more_than_what_the_page_said(follow, notebook):
    for _ in range(4):
        notebook.write(1)
    follower = follow("/live/threads/1?since=0", head="Last-Event-ID: 3\r\n")
    follower.head()
    assert [comment["id"] for comment in follower.event().data["comments"]] == [4]


def test_a_change_whose_bell_was_lost_arrives_within_moments(follow, notebook):
    follower = follow()
    follower.head()
    notebook.write(1, ring=False)
    assert follower.event().data["revision"] == 1


def test_a_discussion_that_closes_by_the_clock_is_told_without_a_comment(follow, notebook):
    notebook.write(1)
    follower = follow("/live/threads/1?since=1")
    follower.head()
    notebook.closed.add(1)
    event = follower.event()
    assert (event.data["closed"], event.data["comments"], event.id) == (True, [], "1")


def test_whoever_comes_after_the_close_is_told_at_once(follow, notebook):
    notebook.closed.add(1)
    follower = follow()
    follower.head()
    assert follower.event().data["closed"]


def test_a_source_that_answers_in_portions_is_asked_until_it_has_no_more(follow, notebook):
    notebook.portion = 7
    for _ in range(40):
        notebook.write(1)
    follower = follow()
    follower.head()
    assert revisions_until(follower, 40) == list(range(1, 41))


def test_a_revision_from_the_future_is_brought_back_to_what_is_so(follow, notebook):
    follower = follow("/live/threads/1?since=99")
    follower.head()
    notebook.write(1)
    assert follower.event().data["revision"] == 1


def test_a_thread_that_stops_being_public_says_so_and_ends(follow, notebook):
    follower = follow()
    follower.head()
    notebook.withdraw(1)
    assert follower.event().name == "gone"
    assert follower.event() is None


def test_readers_of_other_threads_hear_nothing_of_it(follow, notebook):
    notebook.open(2)
    mine, other = follow("/live/threads/1?since=0"), follow("/live/threads/2?since=0")
    mine.head()
    other.head()
    notebook.write(1)
    assert mine.event().data["revision"] == 1
    notebook.write(2, "for the other")
    assert other.event().data["comments"][0]["html"] == "<li>for the other</li>"


def test_every_revision_of_several_writers_reaches_every_reader_however_late_they_came(follow, notebook):
    writers, each = 8, 40
    readers = [follow() for _ in range(5)]
    for reader in readers:
        reader.head()
    started = threading.Barrier(writers + 1)

    def write():
        started.wait(PATIENCE)
        for _ in range(each):
            notebook.write(1)

    with ThreadPoolExecutor(writers) as pool:
        writing = [pool.submit(write) for _ in range(writers)]
        started.wait(PATIENCE)
        late = [follow(f"/live/threads/1?since={since}") for since in (0, 10, 100)]
        for done in writing:
            done.result(PATIENCE)
    last = writers * each
    for reader in readers:
        assert sorted(set(revisions_until(reader, last))) == list(range(1, last + 1))
    for reader, since in zip(late, (0, 10, 100), strict=True):
        reader.head()
        heard = revisions_until(reader, last)
        assert set(range(since + 1, last + 1)) <= set(heard)


def test_a_burst_of_comments_goes_out_in_few_messages(follow, notebook):
    follower = follow()
    follower.head()
    for _ in range(200):
        notebook.write(1)
    messages, heard = 0, 0
    while heard < 200:
        heard = follower.event().data["revision"]
        messages += 1
    assert messages <= 3


def test_many_who_come_back_at_the_same_revision_cost_one_look(serve, notebook):
    serving = serve()
    notebook.write(1)
    followers = [Follower(serving.port, "/live/threads/1?since=1") for _ in range(50)]
    for follower in followers:
        assert follower.head()[0] == 200
    assert notebook.looks < 10
    for follower in followers:
        follower.close()


def test_heartbeats_keep_a_silent_stream_open(serve):
    serving = serve(beat=0.05)
    follower = Follower(serving.port)
    follower.head()
    assert follower.stream.readline().startswith(b"retry: ")
    assert follower.stream.readline() == b"\n"
    assert follower.stream.readline() == b":\n"
    follower.close()


def test_a_source_that_fails_is_asked_again_and_the_reader_keeps_the_stream(follow, notebook, caplog):
    follower = follow()
    follower.head()
    notebook.fault = RuntimeError("the database is away")
    notebook.looked.clear()
    notebook.write(1)
    assert notebook.looked.wait(PATIENCE)
    notebook.fault = None
    assert follower.event().data["revision"] == 1
    assert "could not be looked at" in caplog.text


def test_the_server_ends_its_streams_when_it_is_told_to_stop(serve):
    serving = serve()
    follower = Follower(serving.port)
    follower.head()
    serving.stop()
    assert follower.event() is None
    follower.close()


@pytest.mark.parametrize("readers", [30])
def test_readers_who_leave_are_forgotten(serve, notebook, readers):
    serving = serve()
    followers = [Follower(serving.port) for _ in range(readers)]
    for follower in followers:
        follower.head()
    assert len(serving.server) == readers
    for follower in followers:
        follower.close()
    waiting = threading.Event()
    for _ in range(500):
        if not len(serving.server):
            break
        waiting.wait(0.02)
    assert len(serving.server) == 0
    assert not serving.server._addresses
    assert not serving.server._watcher._followed
