"""Requests that are no streams, and readers who cost too much."""

from __future__ import annotations

import threading

import pytest

from broadsheet.live.tests.conftest import Follower


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"GET /live/threads/9?since=0 HTTP/1.1\r\n\r\n", 404),  # not public, or not there: nobody can tell
        (b"GET /live/threads/ HTTP/1.1\r\n\r\n", 404),
        (b"GET /live/threads/1/?since=0 HTTP/1.1\r\n\r\n", 404),
        (b"GET /live/threads/-1?since=0 HTTP/1.1\r\n\r\n", 404),
        (b"GET /live/threads/1111111111111111111111?since=0 HTTP/1.1\r\n\r\n", 404),
        (b"GET / HTTP/1.1\r\n\r\n", 404),
        (b"GET /live/threads/1 HTTP/1.1\r\n\r\n", 400),
        (b"GET /live/threads/1?since= HTTP/1.1\r\n\r\n", 400),
        (b"GET /live/threads/1?since=-1 HTTP/1.1\r\n\r\n", 400),
        (b"GET /live/threads/1?since=1&since=2 HTTP/1.1\r\n\r\n", 400),
        (b"GET /live/threads/1?since=1111111111111111111111 HTTP/1.1\r\n\r\n", 400),
        (b"GET /live/threads/1?since=%d9%a1 HTTP/1.1\r\n\r\n", 400),
        (b"POST /live/threads/1?since=0 HTTP/1.1\r\n\r\n", 405),
        (b"HEAD /live/threads/1?since=0 HTTP/1.1\r\n\r\n", 405),
        (b"PRI * HTTP/2.0\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\r\n\r\n", 400),
        (b"\r\n\r\n", 400),
        (b"GET /live/threads/1?since=0 HTTP/1.1\r\nno colon\r\n\r\n", 400),
        (b"GET /live/threads/1?since=0 HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n", 400),
        (b"GET /live/threads/1?since=0 HTTP/1.1\r\nCookie: " + b"x" * 9000, 431),
        (b"GET /healthz HTTP/1.1\r\n\r\n", 200),
    ],
)
def test_a_wrong_request_hears_the_right_status(follow, raw, status):
    heard, headers = follow(raw=raw).head()
    assert heard == status
    assert headers["connection"] == "close"
    assert headers["access-control-allow-origin"] == "*"
    assert (headers.get("allow") == "GET") == (status == 405)


def test_a_last_event_id_that_is_no_number_is_ignored(follow):
    assert follow(head="Last-Event-ID: abc\r\n").head()[0] == 200


def test_a_request_may_come_in_pieces(serve):
    follower = Follower(serve().port, raw=b"GET /live/thr")
    follower.socket.sendall(b"eads/1?since=0 HTTP/1.1\r\nHost: x\r")
    follower.socket.sendall(b"\n\r\n")
    assert follower.head()[0] == 200
    follower.close()


def test_who_connects_and_says_nothing_is_sent_away(serve):
    follower = Follower(serve(head_within=0.01, beat=0.02).port, raw=b"GET /live")
    assert follower.head()[0] == 408
    assert follower.stream.read() == b"No request came.\n"
    follower.close()


def test_one_address_gets_so_many_streams_and_another_still_gets_one(serve):
    serving = serve(most_per_address=2, trusted_proxies=1)
    first = [Follower(serving.port, head="X-Forwarded-For: 192.0.2.1\r\n") for _ in range(2)]
    assert [follower.head()[0] for follower in first] == [200, 200]
    third = Follower(serving.port, head="X-Forwarded-For: 198.51.100.9, 192.0.2.1\r\n")  # what it claims counts nothing
    status, headers = third.head()
    assert (status, headers["retry-after"]) == (429, "60")
    other = Follower(serving.port, head="X-Forwarded-For: 192.0.2.2\r\n")
    assert other.head()[0] == 200
    for follower in [*first, third, other]:
        follower.close()


def test_a_forwarded_address_counts_for_nothing_when_no_proxy_is_trusted(serve):
    serving = serve(most_per_address=1)
    first = Follower(serving.port, head="X-Forwarded-For: 192.0.2.1\r\n")
    assert first.head()[0] == 200
    second = Follower(serving.port, head="X-Forwarded-For: 192.0.2.2\r\n")
    assert second.head()[0] == 429
    first.close()
    second.close()


def test_connections_that_say_nothing_count_for_their_address_too(serve):
    serving = serve(most_per_address=2)
    silent = [Follower(serving.port, raw=b"") for _ in range(2)]
    third = Follower(serving.port, raw=b"")
    assert third.head()[0] == 429
    silent[0].close()
    waiting = threading.Event()
    for _ in range(500):
        if serving.server._addresses["127.0.0.1"] == 1:
            break
        waiting.wait(0.02)
    fourth = Follower(serving.port)
    assert fourth.head()[0] == 200
    for follower in [silent[1], third, fourth]:
        follower.close()


def test_a_full_server_says_so(serve):
    serving = serve(most_streams=1)
    first = Follower(serving.port)
    assert first.head()[0] == 200
    second = Follower(serving.port, raw=b"")
    status, headers = second.head()
    assert (status, headers["retry-after"]) == (503, "10")
    first.close()
    second.close()


def test_a_thread_that_cannot_be_read_at_this_moment_is_refused_for_a_while(follow, notebook, caplog):
    notebook.fault = RuntimeError("the database is away")
    status, headers = follow().head()
    assert (status, headers["retry-after"]) == (503, "10")


def test_a_reader_who_does_not_read_is_dropped_and_the_others_are_not(serve, notebook):
    serving = serve()
    slow, quick = Follower(serving.port, buffer=4096), Follower(serving.port)
    quick.head()
    for _ in range(20):
        sent = notebook.write(1, "x" * 8_000_000)  # more than the system keeps for a connection
        while quick.event().data["revision"] < sent:
            pass
        if len(serving.server) == 1:
            break
    assert len(serving.server) == 1
    notebook.write(1, "still here")
    assert quick.event().data["comments"][0]["html"] == "<li>still here</li>"
    slow.close()
    quick.close()


def test_a_reader_far_behind_on_a_slow_line_gets_it_portion_by_portion(follow, notebook):
    notebook.portion = 1
    for _ in range(6):
        notebook.write(1, "x" * 3_000_000)
    follower = follow(buffer=65536)
    follower.head()
    assert [follower.event().data["revision"] for _ in range(6)] == [1, 2, 3, 4, 5, 6]
